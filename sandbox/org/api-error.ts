import { randomUUID } from "node:crypto";
import type { Answer } from "./answer";

interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly messageParams?: Readonly<Record<string, string>>;
}

/** A refusal by the API, in the shape that every Genesys Cloud API error has. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    private readonly extras: Extras = {},
  ) {
    super(message);
  }

  /** The answer on the wire; each has a `contextId` of its own, as support would ask for it. */
  toAnswer(): Answer {
    const { headers, messageParams } = this.extras;
    const contextId = randomUUID();
    return {
      status: this.status,
      headers: { ...headers, "ININ-Correlation-Id": contextId },
      body: {
        message: this.message,
        code: this.code,
        status: this.status,
        ...(messageParams && { messageParams }),
        contextId,
        details: [],
        errors: [],
      },
    };
  }
}

export const badRequest = (message: string): ApiError => new ApiError(400, "bad.request", message);

/** No token, or one that is unknown, revoked or expired. */
export const badCredentials = (message: string): ApiError => new ApiError(401, "bad.credentials", message);

export const missingPermission = (permission: string): ApiError =>
  new ApiError(
    403,
    "missing.permissions",
    `Unable to perform the requested action. You are missing the following permission(s): ${permission}`,
    { messageParams: { permissions: permission } },
  );

/** Whoever edits a client must hold the roles that it holds. */
export const missingRoles = (clientId: string): ApiError =>
  new ApiError(
    403,
    "missing.permissions",
    `Unable to perform the requested action. You must hold every role that the OAuth client ${clientId} holds`,
  );

export const notFound = (what: string): ApiError =>
  new ApiError(404, "not.found", `The requested resource could not be found: ${what}`);

export const conflict = (message: string): ApiError => new ApiError(409, "conflict", message);

/** @param seconds until the next request is let through, a whole number */
export const tooManyRequests = (limit: number, seconds: number): ApiError =>
  new ApiError(
    429,
    "too.many.requests",
    `Rate limit exceeded the maximum [${limit}]. Retry the request in [${seconds}] seconds`,
    { headers: { "Retry-After": String(seconds) } },
  );
