import { UsageError } from "../errors";
import { HIDDEN, harmlessJson, printable } from "../printable";
import { AWS_SECRETS_MANAGER, AWS_SSM } from "./aws/grammar";
import { AZURE_KEYVAULT } from "./azure/grammar";
import { GCP_SECRETMANAGER } from "./gcp/grammar";
import { GENESYS_CREDENTIAL } from "./genesys-credential-store/grammar";
import { GITHUB_ACTIONS, GITHUB_ENV } from "./github-grammar";
import { GITLAB, GITLAB_DOTENV } from "./gitlab-grammar";
import { KUBERNETES } from "./kubernetes-grammar";
import { VAULT } from "./vault/grammar";

/** The body and the options of a store URI, as a scheme's `parse` sees them. */
export interface SchemeGrammar {
  /** How the URI is written, for messages and docs. */
  readonly form: string;
  /** What the store is, in a few words. */
  readonly summary: string;
  /** Options that may follow as a query, each with its rule. */
  readonly options: Readonly<Record<string, string>>;
  /** Why Terraform's local-exec cannot use it; absent where it can. */
  readonly refusedUnderTerraform?: string;
  /** Checks the raw body and gives it in its canonical form; returns a reason when it does not fit. */
  readonly parse: (
    body: string,
  ) => { canonical: string; target: string | readonly string[] } | { reason: string };
}

const PREFIXED_LINES = "Terraform prefixes each line a local-exec prints and shows it on the terminal";

/**
 * The grammar of store URIs: one row a scheme, used by the construct at synth and by the program at run time.
 * `SCHEME:BODY[?OPTION=VALUE[&…]]`; reserved characters are percent-encoded.
 */
export const SCHEMES = {
  file: {
    form: "file:/abs/path.json, file:~/path.json or file:./path.json",
    summary: "a JSON document in a file of mode 0600",
    options: {},
    parse: (body) => {
      const path = decode(body);
      if (path === undefined)
        return { reason: "its percent-encoding is broken, or hides a control character" };
      if (!/^(\/|~\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(path))
        return { reason: 'the path must start with "/", "~/" or "./"' };
      if (/[\\/]$/.test(path)) return { reason: "the path names a folder, not a file" };
      return { canonical: encodePath(path), target: path };
    },
  },
  vault: VAULT,
  "aws-secretsmanager": AWS_SECRETS_MANAGER,
  "aws-ssm": AWS_SSM,
  "github-actions": GITHUB_ACTIONS,
  "github-env": GITHUB_ENV,
  gitlab: GITLAB,
  "gitlab-dotenv": GITLAB_DOTENV,
  "genesys-credential": GENESYS_CREDENTIAL,
  "azure-keyvault": AZURE_KEYVAULT,
  "gcp-secretmanager": GCP_SECRETMANAGER,
  kubernetes: KUBERNETES,
  stdout: {
    form: "stdout:",
    summary: "the secret and a newline on standard output, for a pipe",
    options: {},
    refusedUnderTerraform: PREFIXED_LINES,
    parse: (body) =>
      body === "" ? { canonical: "", target: "" } : { reason: "nothing may follow the colon" },
  },
  command: {
    form: 'command:["gh","secret","set","NAME"]',
    summary: "a program that reads the secret from its standard input; JSON argv, no shell",
    options: {
      env: "names of variables to pass on to the program, separated by commas",
      output: '"show" prints what the program prints (the secret blotted out)',
      timeout: "seconds until the program is stopped, 1 to 600; default 60",
    },
    parse: (body) => {
      const argv = parseArgv(body);
      return typeof argv === "string" ? { reason: argv } : { canonical: harmlessJson(argv), target: argv };
    },
  },
} as const satisfies Record<string, SchemeGrammar>;

export type Scheme = keyof typeof SCHEMES;

/** A store URI that fits the grammar. */
export interface StoreUri {
  readonly scheme: Scheme;
  /** Decoded body: a path, a name, or for `command:` the argv. */
  readonly target: string | readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Canonical text: two URIs with the same text name the same store. */
  readonly text: string;
}

/** @throws {StoreUriError} A URI that does not fit the grammar; the message names the rule and what is known. */
export class StoreUriError extends UsageError {}

/** The error for an option whose value breaks a rule, or for options that do not go together. */
export function badOption(uri: StoreUri, rule: string): StoreUriError {
  return new StoreUriError(`${printable(uri.text)}: ${rule}.`);
}

/**
 * Reads a store URI.
 * @throws {StoreUriError} on an unknown scheme, an unknown option or a body that does not fit its scheme.
 */
export function parseStoreUri(input: string): StoreUri {
  const text = input.trim();
  const fail = (reason: string): StoreUriError =>
    new StoreUriError(`The store URI "${printable(text)}" is not valid: ${reason}.`);
  // A name that somebody else chose may hold such, to look like another one or to forge a line; percent-encoded it shows.
  if (HIDDEN.test(text)) throw fail("it contains a control character, or another that does not show");

  const colon = text.indexOf(":");
  const scheme = text.slice(0, Math.max(colon, 0));
  if (!isScheme(scheme)) {
    throw fail(
      `${colon < 0 ? "it has no scheme" : "its scheme is unknown"}; known are ${Object.keys(SCHEMES).join(", ")}`,
    );
  }
  const grammar: SchemeGrammar = SCHEMES[scheme];
  const rest = text.slice(colon + 1);
  // An argv may itself contain question marks; the query begins after the array.
  const query = rest.indexOf("?", scheme === "command" ? rest.lastIndexOf("]") + 1 : 0);
  const body = query < 0 ? rest : rest.slice(0, query);

  const parsed = grammar.parse(body);
  if ("reason" in parsed) throw fail(`${parsed.reason}; it is written ${grammar.form}`);

  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query < 0 ? "" : rest.slice(query + 1))) {
    if (!Object.hasOwn(grammar.options, name)) {
      const known = Object.keys(grammar.options);
      throw fail(
        `the option "${printable(name)}" is unknown; ${known.length ? `known are ${known.join(", ")}` : `${scheme}: has none`}`,
      );
    }
    if (options.has(name)) throw fail(`the option "${name}" is given twice`);
    options.set(name, value);
  }
  const sorted = new URLSearchParams([...options].sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return {
    scheme,
    target: parsed.target,
    options,
    text: `${scheme}:${parsed.canonical}${sorted ? `?${sorted}` : ""}`,
  };
}

/** Whether, and why, a scheme may not be used from a Terraform local-exec. */
export function refusalUnderTerraform(uri: StoreUri): string | undefined {
  const grammar: SchemeGrammar = SCHEMES[uri.scheme];
  return grammar.refusedUnderTerraform;
}

/** The URI of a file; reserved characters of the path are encoded. */
export function formatFileUri(path: string): string {
  return `file:${encodePath(path)}`;
}

function isScheme(text: string): text is Scheme {
  return Object.hasOwn(SCHEMES, text);
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const ENCODED = new RegExp(`[%?# ]|${HIDDEN.source}`, "gu");

function encodePath(path: string): string {
  // Half a character has no encoding; it is refused when the URI is read.
  return path.replace(ENCODED, (one) => (/\p{Cs}/u.test(one) ? one : encodeURIComponent(one)));
}

function parseArgv(body: string): readonly string[] | string {
  let argv: unknown;
  try {
    argv = JSON.parse(body);
  } catch {
    return "what follows the colon is not JSON";
  }
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((word) => typeof word === "string")) {
    return "the command must be a JSON array of strings";
  }
  if (String(argv[0]).trim() === "") return "the command's first word is empty";
  if (argv.some((word) => word.includes("\0"))) return "a word contains a NUL character";
  return argv;
}
