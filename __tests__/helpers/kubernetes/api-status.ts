/** An answer of the API server that is not the object asked for: a `Status`. */
export class ApiStatus extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: number, reason: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toJSON(): unknown {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      details: this.details,
      code: this.code,
    };
  }
}

export const notFound = (kind: string, name: string): ApiStatus =>
  new ApiStatus(404, "NotFound", `${kind} "${name}" not found`, { name, kind });

export const invalid = (name: string, field: string, rule: string): ApiStatus =>
  new ApiStatus(422, "Invalid", `Secret "${name}" is invalid: ${field}: ${rule}`, { name, kind: "Secret" });

export const forbidden = (user: string, verb: string, name: string, namespace: string): ApiStatus =>
  new ApiStatus(
    403,
    "Forbidden",
    `secrets "${name}" is forbidden: User "${user}" cannot ${verb} resource "secrets" in API group "" in the namespace "${namespace}"`,
    { name, kind: "secrets" },
  );

export const outdated = (name: string): ApiStatus =>
  new ApiStatus(
    409,
    "Conflict",
    `Operation cannot be fulfilled on secrets "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    { name, kind: "secrets" },
  );
