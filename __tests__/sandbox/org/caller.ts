import type { Sandbox } from "../../../sandbox/org";

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly body: any;
}

/** One request to the sandbox, the way any program would make it. */
export async function call(
  url: string,
  method = "GET",
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  const response = await fetch(url, { method, headers, body });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** `POST /oauth/token`, with HTTP Basic. */
export function logIn(
  sandbox: Sandbox,
  id: string,
  secret: string,
  form = "grant_type=client_credentials",
): Promise<Reply> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/x-www-form-urlencoded" };
  return call(`${sandbox.origin}/oauth/token`, "POST", headers, form);
}

export type Api = (method: string, path: string, body?: unknown) => Promise<Reply>;

/** The API with a token of the admin, or of another client. */
export async function apiOf(sandbox: Sandbox, client?: { id: string; secret: string }): Promise<Api> {
  const { clientId, clientSecret } = sandbox.admin;
  const login = await logIn(sandbox, client?.id ?? clientId, client?.secret ?? clientSecret);
  if (login.status !== 200) throw new Error(`login answered ${login.status}: ${login.body.error}`);
  return apiWith(sandbox, login.body.access_token);
}

export function apiWith(sandbox: Sandbox, token: string): Api {
  return (method, path, body) =>
    call(
      `${sandbox.origin}${path}`,
      method,
      { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body === undefined ? undefined : JSON.stringify(body),
    );
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What an API error looks like. */
export const errorBody = (status: number, code: string): unknown => ({
  message: expect.any(String),
  code,
  status,
  contextId: expect.stringMatching(UUID),
  details: [],
  errors: [],
});
