import { EXIT } from "./exit-codes";

/** What is known about the client's secret when an error is reported. */
export type SecretState = "not changed" | "changed" | "perhaps changed";

export interface ErrorDetails {
  /** Stable identifier, listed in docs/errors.md. */
  readonly code: string;
  /** What to do now, as one sentence. */
  readonly remedy: string;
  /** @default "not changed" */
  readonly secret?: SecretState;
  /** The Genesys Cloud `contextId`: what Genesys support asks for. @default - none was given */
  readonly contextId?: string;
}

/**
 * Base of every foreseeable fault. Its message is safe to print: no subclass puts a secret, a token or a
 * request into it, and none carries a `cause`, because the errors of HTTP libraries hold the request.
 */
export abstract class GenesysSecretError extends Error {
  abstract readonly exitCode: number;
  readonly code: string;
  readonly remedy: string;
  readonly secret: SecretState;
  readonly contextId?: string;

  constructor(message: string, details: ErrorDetails) {
    super(message);
    this.code = details.code;
    this.remedy = details.remedy;
    this.secret = details.secret ?? "not changed";
    this.contextId = details.contextId;
  }
}

/** An error as it stands in a JSON document. */
export function errorDocument({ code, exitCode, message, remedy, contextId }: GenesysSecretError): object {
  return { code, exit: exitCode, message, remedy, context_id: contextId ?? null };
}

/** Bad arguments or configuration. */
export class UsageError extends GenesysSecretError {
  readonly exitCode = EXIT.usage;

  constructor(
    message: string,
    remedy = "Correct it and run again; `genesys-secret COMMAND --help` lists flags and variables.",
  ) {
    super(message, { code: "ERR_USAGE", remedy });
  }
}

/** Terraform made up a resource, for a test: there is nothing that could be rotated. */
export class MockedResourceError extends GenesysSecretError {
  readonly exitCode = EXIT.usage;

  constructor(what: string) {
    super(`Terraform mocks this resource: ${what}.`, {
      code: "ERR_MOCKED_RESOURCE",
      remedy:
        "Terraform runs the provisioners of mocked resources, too: set `command = plan` in the test's run block.",
    });
  }
}

/** The admin client, or its token, was refused. */
export class AuthenticationError extends GenesysSecretError {
  readonly exitCode = EXIT.authentication;
}

/** The admin client lacks a permission. */
export class PermissionError extends GenesysSecretError {
  readonly exitCode = EXIT.permission;
}

/** The target is not found, is ambiguous, or has no secret that can be rotated. */
export class ClientError extends GenesysSecretError {
  readonly exitCode = EXIT.client;
}

/** A store is not ready, or another run holds its lock. */
export class StoreNotReadyError extends GenesysSecretError {
  readonly exitCode = EXIT.storeNotReady;

  constructor(message: string, remedy: string, code = "ERR_STORE_NOT_READY") {
    super(message, { code, remedy });
  }
}

/** A store kept a document that was to be removed from it. */
export class NotRemovedError extends GenesysSecretError {
  readonly exitCode = EXIT.storeNotReady;

  /** @param failed what failed, a store a line */
  constructor(failed: readonly string[]) {
    super(`The client's secret could not be removed from ${failed.join("; ")}.`, {
      code: "ERR_NOT_REMOVED",
      remedy: "Correct that, then run again; a secret becomes invalid with its client.",
    });
  }
}

/** What was to be removed may be the only copy of a valid secret. */
export class SecretInUseError extends GenesysSecretError {
  readonly exitCode = EXIT.storeNotReady;

  /** @param stores what was found, a store a line */
  constructor(stores: readonly string[]) {
    super(`Nothing was removed: ${stores.join("; ")}. It may be the only copy.`, {
      code: "ERR_SECRET_IN_USE",
      remedy: "If the secret may be lost, run the same command again with --yes.",
    });
  }
}

/** Genesys Cloud cannot be reached, answers with faults, or limits the rate for too long. */
export class UnavailableError extends GenesysSecretError {
  readonly exitCode = EXIT.unavailable;
}

/**
 * Follows "run again" after the call: where the rotation id that is asked for is stored already (`-replace`), a run that
 * cannot tell whether what is stored is valid replaces nothing.
 */
export const SHOULD_IT_END_WITH_9 = "Should that run end with 9, set a new rotation id.";

/** Regenerated, or perhaps, and at least one store does not hold a valid secret. */
export class NotStoredError extends GenesysSecretError {
  readonly exitCode = EXIT.notStored;
}

/** Stored, but what is stored does not log in. */
export class NotVerifiedError extends GenesysSecretError {
  readonly exitCode = EXIT.notVerified;
}

export type InterruptSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The exit code of a program that a signal ended. */
export function exitCodeOf(signal: InterruptSignal): number {
  return EXIT[signal];
}

/** Ended by a signal: before the call at once, after it when its work was done. */
export class InterruptedError extends GenesysSecretError {
  readonly exitCode: number;

  constructor(signal: InterruptSignal, message: string, details: Omit<ErrorDetails, "code">) {
    super(message, { ...details, code: "ERR_INTERRUPTED" });
    this.exitCode = exitCodeOf(signal);
  }
}

/** A fault nobody foresaw: a defect of this program. */
export class DefectError extends GenesysSecretError {
  readonly exitCode = EXIT.defect;
}

/** A store failed while it was read or written. The message is safe to print. */
export class StoreFault extends Error {
  /** @param retryAfterMs how long the store asks to be left alone, milliseconds. @default - it does not say */
  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
