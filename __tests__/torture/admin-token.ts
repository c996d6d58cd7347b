import type { Sandbox } from "../../sandbox/org";

/** A token of the admin's, taken past all gates. */
export async function adminToken({ origin, admin }: Sandbox): Promise<string> {
  const basic = Buffer.from(`${admin.clientId}:${admin.clientSecret}`).toString("base64");
  const login = await fetch(`${origin}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return ((await login.json()) as { access_token: string }).access_token;
}
