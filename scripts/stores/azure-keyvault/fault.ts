import { AskedToWait, unreachable } from "../../http/fault";

/** A call to Azure that failed. The message is safe to print: the SDK's errors, which hold the request, end here. */
export class AzureFault extends Error {
  /** HTTP status of the vault's answer; undefined when there was none. */
  readonly status: number | undefined;
  /** The vault's own word for it, such as "SecretDisabled". */
  readonly word: string | undefined;
  /** Whether it was about getting a token. */
  readonly credentials: boolean;
  /** How long the vault asks to be left alone, milliseconds. @default - it does not say */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { status, word, credentials = false, retryAfterMs }: Details = {}) {
    super(message);
    this.status = status;
    this.word = word;
    this.credentials = credentials;
    this.retryAfterMs = retryAfterMs;
  }
}

interface Details {
  readonly status?: number;
  readonly word?: string;
  readonly credentials?: boolean;
  readonly retryAfterMs?: number;
}

interface SdkError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly error?: { readonly innerError?: { readonly code?: unknown } } };
}

const CREDENTIAL_ERRORS = new Set([
  "AuthenticationError",
  "AggregateAuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
]);

/** What the SDK throws, in words without anything of the request: a status, a code, nothing else. */
export function azureFault(error: unknown): AzureFault {
  if (error instanceof AzureFault) return error;
  if (error instanceof AskedToWait)
    return new AzureFault(error.message, { retryAfterMs: error.retryAfterMs });
  const { name, code, statusCode, message, details } = (error ?? {}) as SdkError;
  if (CREDENTIAL_ERRORS.has(String(name))) {
    // Entra's error numbers say which of many things is wrong, and are safe.
    const number = /\bAADSTS\d+/.exec(String(message))?.[0];
    return new AzureFault(`there are no usable Azure credentials${number ? ` (${number})` : ""}`, {
      credentials: true,
    });
  }
  if (typeof statusCode === "number" && statusCode >= 400) {
    if (statusCode === 401)
      return new AzureFault("it refuses the credentials (401)", { status: 401, credentials: true });
    const word = [details?.error?.innerError?.code, code].find(isWord);
    return new AzureFault(`it answered ${statusCode}${word ? `, ${word}` : ""}`, {
      status: statusCode,
      word,
    });
  }
  if (name === "AbortError") return new AzureFault("it did not answer within the time");
  if (isWord(code) && code !== "PARSE_ERROR") return new AzureFault(unreachable(code));
  return new AzureFault("its answer is not one of Azure Key Vault");
}

function isWord(code: unknown): code is string {
  return typeof code === "string" && /^[A-Za-z_]{1,60}$/.test(code);
}
