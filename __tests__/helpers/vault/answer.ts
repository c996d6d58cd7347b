import { randomUUID } from "node:crypto";

/** An answer in Vault's terms, before it goes on the wire. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

interface Envelope {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly auth?: Readonly<Record<string, unknown>> | null;
  readonly warnings?: readonly string[] | null;
}

/** What every success is wrapped in. */
export function envelope({ data = null, auth = null, warnings = null }: Envelope, status = 200): Answer {
  const body = {
    request_id: randomUUID(),
    lease_id: "",
    renewable: false,
    lease_duration: 0,
    data,
    wrap_info: null,
    warnings,
    auth,
  };
  return { status, body };
}

/** What stands in place of an answer that is kept back: a token to ask for it with, once it is approved of. */
export function keptBack(): Answer {
  const { status, body } = envelope({});
  const wrap_info = {
    token: `hvs.${randomUUID()}`,
    accessor: randomUUID(),
    ttl: 86_400,
    creation_time: new Date().toISOString(),
    creation_path: "sys/control-group/request",
  };
  return { status, body: { ...(body as object), wrap_info } };
}

/** Answers below `sys/` show their data on the outside, too. */
export function sysEnvelope(data: Readonly<Record<string, unknown>>): Answer {
  const { status, body } = envelope({ data });
  return { status, body: { ...(body as object), ...data } };
}

export function failed(status: number, ...errors: string[]): Answer {
  return { status, body: { errors } };
}

export const NO_CONTENT: Answer = { status: 204 };
export const DENIED = failed(403, "1 error occurred:\n\t* permission denied\n\n");
export const INVALID_TOKEN = failed(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
