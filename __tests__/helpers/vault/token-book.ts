import { randomBytes } from "node:crypto";

/** Capabilities by path; a path may end in `*`. */
export type Rules = Readonly<Record<string, readonly string[]>>;

export interface Token {
  readonly id: string;
  readonly accessor: string;
  rules: Rules;
  readonly namespace: string;
  /** Milliseconds of the clock; undefined: never. */
  readonly expires?: number;
  /** Uses left; 0: without end. */
  uses: number;
}

export interface NewToken {
  /** @default - everything, as root */
  readonly rules?: Rules;
  /** @default - the root namespace */
  readonly namespace?: string;
  /** Seconds to live. @default - it does not expire */
  readonly ttl?: number;
  /** How often it may be used. @default - any number of times */
  readonly uses?: number;
}

const ROOT: Rules = { "*": ["root"] };

/** What the policy "default" grants everybody. */
export const DEFAULT_POLICY: Rules = {
  "auth/token/lookup-self": ["read"],
  "auth/token/revoke-self": ["update"],
  "sys/capabilities-self": ["update"],
};

/** The tokens of a server. */
export class TokenBook {
  readonly #tokens = new Map<string, Token>();
  readonly #ever: string[] = [];

  /** Every token since the start, for leak checks. */
  get everyToken(): readonly string[] {
    return this.#ever;
  }

  issue({ rules, namespace = "", ttl, uses = 0 }: NewToken = {}): Token {
    const token: Token = {
      id: `hvs.${randomBytes(24).toString("base64url")}`,
      accessor: randomBytes(12).toString("hex"),
      rules: rules ? { ...DEFAULT_POLICY, ...rules } : ROOT,
      namespace,
      expires: ttl === undefined ? undefined : Date.now() + ttl * 1000,
      uses: uses,
    };
    this.#tokens.set(token.id, token);
    this.#ever.push(token.id);
    return token;
  }

  /** A token that lives, in a namespace of its own or below it. */
  find(id: string, namespace: string): Token | undefined {
    const token = this.#tokens.get(id);
    const dead = token?.expires !== undefined && token.expires <= Date.now();
    return dead || !namespace.startsWith(token?.namespace ?? "") ? undefined : token;
  }

  /** Counts a use; the last one ends the token. */
  use(token: Token): void {
    if (token.uses === 0) return;
    token.uses -= 1;
    if (token.uses === 0) this.revoke(token);
  }

  revoke(token: Token): void {
    this.#tokens.delete(token.id);
  }

  isAlive(id: string): boolean {
    return this.#tokens.has(id);
  }
}

/** What a token may do at a path; the longest rule that fits decides, as in Vault. */
export function capabilities({ rules }: Token, path: string): readonly string[] {
  const fitting = Object.keys(rules)
    .filter((rule) => (rule.endsWith("*") ? path.startsWith(rule.slice(0, -1)) : rule === path))
    .sort((one, other) => other.length - one.length);
  return fitting[0] === undefined ? ["deny"] : [...(rules[fitting[0]] ?? ["deny"])].sort();
}

/** Whether a token has any right below a mount. */
export function hasMountAccess({ rules }: Token, mount: string): boolean {
  return Object.entries(rules).some(([rule, granted]) => {
    const prefix = rule.replace(/\*$/, "");
    return (
      !granted.includes("deny") && (prefix.startsWith(mount) || (rule !== prefix && mount.startsWith(prefix)))
    );
  });
}
