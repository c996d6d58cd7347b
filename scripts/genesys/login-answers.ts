import { LoginErrorAnswer } from "./answers";

/** What of an answer counts. */
interface Said {
  readonly status: number;
  /** The parsed JSON. */
  readonly body: unknown;
}

/** What an answer of the login service says. */
export type Meaning =
  /** The pair of id and secret is right. */
  | "valid"
  /** It is wrong. */
  | "invalid"
  /** Nothing yet: worth a retry. */
  | "rate limit"
  /** Nothing of the secret: whoever asks is not let in from here, and asking again changes nothing. */
  | "denied"
  /** Nothing: it did not come from a login service at work. Worth a retry. */
  | "out of reach";

/** An answer that is known. What is left out is not looked at. */
export interface LoginAnswerRow {
  readonly status: RegExp;
  readonly error?: string;
  /** Of one of its descriptions. */
  readonly description?: RegExp;
  readonly meaning: Meaning;
  /** Holds only for a client whose grant is not the one that was offered. @default false */
  readonly ofOtherGrant?: true;
}

/**
 * Every answer to a login that is known, the first that fits counts. Texts are those that people report from real
 * orgs. What is not here is "denied": nothing is taken for an invalid secret that is not known to be one, because the
 * form of a denial (an address outside of an allow list) is not published. A new text is one line.
 */
export const LOGIN_ANSWERS: readonly LoginAnswerRow[] = [
  { status: /^200$/, meaning: "valid" },
  {
    status: /^40[01]$/,
    error: "invalid_client",
    description: /^authentication failed\b/i,
    meaning: "invalid",
  },
  { status: /^40[01]$/, error: "invalid_client", description: /^client not found\b/i, meaning: "invalid" },
  // The secret is checked before the grant: who is told this has offered the right one.
  {
    status: /^40[01]$/,
    error: "unauthorized_client",
    description: /^client is not authorized to use the client_credentials? grant type\b/i,
    meaning: "valid",
    ofOtherGrant: true,
  },
  { status: /^400$/, error: "invalid_request", description: /rate limit exceeded/i, meaning: "rate limit" },
  { status: /^429$/, meaning: "rate limit" },
  // A server that is not up, and what no login service says: redirects and the like are those of a portal in between.
  { status: /^(408|425|5\d\d)$/, meaning: "out of reach" },
  { status: /^(1|2(?!00)|3)/, meaning: "out of reach" },
];

/**
 * What an answer means.
 * @param grant the client's grant, to which `client_credentials` was offered; undefined when it is not known
 */
export function meaningOf(answer: Said, grant?: string): Meaning {
  const { error, descriptions } = saidIn(answer);
  const row = LOGIN_ANSWERS.find(
    (known) =>
      known.status.test(String(answer.status)) &&
      (known.error === undefined || known.error === error) &&
      (known.description === undefined || descriptions.some((text) => known.description?.test(text))) &&
      !(known.ofOtherGrant && grant === "CLIENT-CREDENTIALS"),
  );
  return row?.meaning ?? "denied";
}

/** The login service says "over the limit" with a 400; no other 400 is worth repeating. */
export function isLoginRateLimit(answer: Said): boolean {
  return answer.status === 400 && meaningOf(answer) === "rate limit";
}

/** The words of an answer that is no token. */
export function saidIn({ body }: Pick<Said, "body">): { error?: string; descriptions: readonly string[] } {
  const parsed = LoginErrorAnswer.safeParse(body);
  if (!parsed.success) return { descriptions: [] };
  const { error, error_description, description } = parsed.data;
  return { error, descriptions: [error_description, description].filter((text) => text !== undefined) };
}
