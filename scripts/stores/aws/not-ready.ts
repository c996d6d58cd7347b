import { StoreNotReadyError } from "../../errors";
import { StoreFault } from "../store";
import type { StoreUri } from "../uri";
import { AwsFault } from "./aws-fault";

/** A store of AWS is not ready, for a reason of our own. */
export function notReady(uri: StoreUri, reason: string, remedy: string): StoreNotReadyError {
  return new StoreNotReadyError(`The store ${uri.text} is not ready: ${reason}.`, remedy);
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
