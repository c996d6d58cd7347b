import type { Answer, OrgRequest } from "../answer";
import { badRequest } from "../api-error";
import type { Org } from "../org";
import type { Token } from "../token-book";

/** A request that carried a live token. */
export interface Call {
  readonly org: Org;
  readonly token: Token;
  readonly request: OrgRequest;
  /** The segment of the path that the route writes as `{id}`; empty when it has none. */
  readonly id: string;
}

/** One operation of the API. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/api/v2/…`, one segment of which may be `{id}`. */
  readonly path: string;
  /** @default - every live token may */
  readonly permission?: string;
  /** @throws ApiError when it refuses */
  answer(call: Call): Answer;
}

/** @throws ApiError 400 when the body is not a JSON object */
export function jsonBody(request: OrgRequest): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    // Not with the parser's message: it quotes the body, which may hold a secret.
    throw badRequest("the body is not valid JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest("the body must be a JSON object");
  }
  return body as Record<string, unknown>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

export const NO_CONTENT: Answer = { status: 204 };
