import { type Redirected, RedirectedToPlain } from "./fault";

/**
 * Where a redirect leads that may be followed: a 307 from https to https, which keeps method, body and encryption.
 * @throws {Redirected} when it is another one
 * @throws {RedirectedToPlain} when it leads to plain http
 */
export function redirectTarget(from: string, redirect: Redirected): URL {
  const { status, headers } = redirect.answer;
  const location = headers.location ?? "";
  if (status !== 307 || !from.startsWith("https:") || !URL.canParse(location, from)) throw redirect;
  const target = new URL(location, from);
  if (target.protocol === "http:") throw new RedirectedToPlain();
  if (target.protocol !== "https:" || target.username || target.password) throw redirect;
  return target;
}
