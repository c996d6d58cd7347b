import { StoreFault } from "../../core/errors";
import { isUntrusted, unreachable } from "../../http/fault";
import { notReady } from "../store";
import type { StoreUri } from "../uri";

const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const WRONG_CREDENTIALS =
  /^(UnrecognizedClient|InvalidSignature|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken|InvalidToken|OptInRequired)(Exception)?$/;
const DENIED = /^AccessDenied(Exception)?$/;
const KMS = /^(DecryptionFailure|EncryptionFailure|KMS\w*|InvalidKeyId)(Exception)?$/;
/** A name comes from the server: only what looks like one is repeated. */
const NAME = /^[A-Za-z][A-Za-z0-9._]{0,79}$/;

export type AwsFaultKind = "credentials" | "denied" | "kms" | "other";

/** A call to AWS failed. It holds names and codes only: the errors of the SDK can carry the request. */
export class AwsFault extends StoreFault {
  constructor(
    message: string,
    /** The error's name, such as `ResourceNotFoundException`. */
    readonly code: string,
    readonly kind: AwsFaultKind,
    /** What was called, as IAM names it: `secretsmanager:PutSecretValue`. */
    readonly action: string,
  ) {
    super(message);
  }
}

/** An answer that is not taken, or a request that is not sent; the reason is ours and safe to print. */
export class RefusedExchange extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** What is safe to say of an error of the SDK. */
export function awsFault(error: unknown, action: string): StoreFault {
  if (error instanceof StoreFault) return error;
  if (error instanceof RefusedExchange) return new AwsFault(error.reason, "Refused", "other", action);
  const {
    name = "",
    code,
    $metadata,
  } = (error ?? {}) as {
    name?: string;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const fault = (message: string, kind: AwsFaultKind = "other"): AwsFault =>
    new AwsFault(message, name, kind, action);

  if (typeof code === "string" && NAME.test(code)) {
    const late = name === "TimeoutError" || code === "ETIMEDOUT";
    if (isUntrusted(code) || !late) return fault(unreachable(code));
  }
  if (name === "TimeoutError" || code === "ETIMEDOUT") return fault("it did not answer in time");
  if (name === "AbortError") return fault("it was interrupted");
  if (NO_CREDENTIALS.test(name)) return fault(`there are no usable AWS credentials (${name})`, "credentials");
  if (WRONG_CREDENTIALS.test(name)) return fault(`AWS refuses the credentials (${name})`, "credentials");
  if (DENIED.test(name)) return fault(`the credentials may not ${action} (${name})`, "denied");
  if (KMS.test(name)) return fault(`its KMS key cannot be used for ${action} (${name})`, "kms");
  const status = $metadata?.httpStatusCode;
  // What stands in between answers its errors in HTML; there the status says enough.
  if (name === "SyntaxError" && (status === undefined || status < 400))
    return fault(`its answer to ${action} is not JSON`);
  if (NAME.test(name) && !/^(|Syntax|Type|Range)Error$/.test(name))
    return fault(`${action} failed (${name}${status ? `, ${status}` : ""})`);
  return fault(`${action} failed${status ? ` (${status})` : " for an unforeseen reason"}`);
}

/** A fault before the irreversible call, with what to do about it. */
export function asNotReady(uri: StoreUri, error: unknown): Error {
  if (!(error instanceof StoreFault)) return error as Error;
  return notReady(uri, error.message, remedyOf(error));
}

function remedyOf(error: StoreFault): string {
  if (!(error instanceof AwsFault)) return "Move it away or name another, then run again.";
  if (error.code === "NoRegion")
    return "Name it: the option region, AWS_REGION, or the profile; then run again.";
  if (/LimitExceeded/.test(error.code))
    return "Wait a day or have the limit raised (aws-ssm: take the label off its oldest version), then run again.";
  switch (error.kind) {
    case "credentials":
      return "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in again; then run again.";
    case "denied":
      return `Grant ${error.action} on it, and the use of its KMS key, by IAM; then run again.`;
    case "kms":
      return "Enable the key, and grant kms:Decrypt and kms:GenerateDataKey (aws-ssm: kms:Encrypt) on it; then run again.";
    case "other":
      return "Make AWS reachable, then run again.";
  }
}
