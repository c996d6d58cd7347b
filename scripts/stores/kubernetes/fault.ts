import { printable } from "../../core/printable";

/** One field that another manager owns, as the API server reports it. */
export interface FieldConflict {
  readonly field: string;
  readonly manager: string;
}

/**
 * A call to the API server that failed. The message is safe to print: the client's own errors, which hold the whole
 * answer, are taken apart here and go no further.
 */
export class KubernetesFault extends Error {
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The kind of thing that the server did not find, such as "namespaces". */
  readonly missing: string | undefined;
  readonly conflicts: readonly FieldConflict[];
  /** The server's own words. They may quote what was sent, so they are for a rehearsal only, which sends no secret. */
  readonly detail: string;

  constructor(
    message: string,
    status?: number,
    answer: StatusAnswer = {},
    /** How long the server asks to be left alone, milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.status = status;
    this.missing = answer.details?.kind;
    this.conflicts = (answer.details?.causes ?? [])
      .filter(({ reason }) => reason === "FieldManagerConflict")
      .map(({ field, message: words }) => ({
        field: printable(field ?? ""),
        manager: printable(/"([^"]*)"/.exec(words ?? "")?.[1] ?? "another manager"),
      }));
    this.detail = printable(answer.message ?? "");
  }
}

/** The part of a Kubernetes `Status` that is looked at. */
interface StatusAnswer {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly kind?: string;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** What the API server answered in place of an object, in words without anything that was sent. */
export function answeredFault(status: number, body: unknown): KubernetesFault {
  const answer = parse(body);
  const reason = /^[A-Za-z]{1,40}$/.test(answer.reason ?? "") ? `, ${answer.reason}` : "";
  if (status >= 300 && status < 400)
    return new KubernetesFault(`it redirects elsewhere (${status}), which is not followed`, status);
  if (status === 401) return new KubernetesFault("it refuses the credentials (401)", status, answer);
  return new KubernetesFault(`it answered ${status}${reason}`, status, answer);
}

function parse(body: unknown): StatusAnswer {
  try {
    const value: unknown = typeof body === "string" ? JSON.parse(body) : body;
    return typeof value === "object" && value !== null ? (value as StatusAnswer) : {};
  } catch {
    return {};
  }
}
