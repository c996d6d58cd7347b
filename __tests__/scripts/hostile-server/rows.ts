import {
  answer,
  DEEP,
  endless,
  gzipBomb,
  hugeHeaders,
  PORTAL,
  redirect,
} from "../../helpers/hostile-answers";
import type { Misbehaviour, Received, Where } from "../../helpers/hostile-org";

/** How a hostile answer ends: the code, what the message says, and what it says of the secret. */
export interface Row {
  readonly title: string;
  readonly where: Where;
  readonly misbehave: Misbehaviour;
  readonly code: number;
  readonly message: RegExp;
  readonly secret: "not changed" | "changed" | "perhaps changed" | undefined;
  readonly args?: readonly string[];
  /** How many of these requests are bearable. @default 1 */
  readonly requests?: number;
}

const LOGIN: Where = { method: "POST", path: /^\/oauth\/token$/ };
const FIND: Where = { method: "GET", path: /^\/api\/v2\/oauth\/clients\/[^/]+$/ };
const LIST: Where = { method: "GET", path: /^\/api\/v2\/oauth\/clients$/ };
const REGENERATE: Where = { method: "POST", path: /\/secret$/ };
/** The login with the new secret comes after the admin's. */
const VERIFY: Where = { ...LOGIN, skip: 1 };
const REVOKE: Where = { method: "DELETE", path: /^\/api\/v2\/tokens\/me$/ };

const ESCAPES = "\u001b]0;owned\u0007\n::add-mask::e\n##[stop-commands]x \u202e";
const YEAR_S = 365 * 86_400;
/** What a gateway's error page quotes of the request. */
const echo =
  (status: number, body: (said: string) => unknown): Misbehaviour =>
  (response, request) =>
    answer(status, body(quoted(request)))(response, request);
const quoted = ({ headers, body }: Received): string => {
  const { authorization = "" } = headers;
  const basic = authorization.startsWith("Basic ")
    ? Buffer.from(authorization.slice(6), "base64").toString()
    : "";
  return `cannot read "${authorization.split(" ").join(", ")}" ${basic} ${body}`;
};

const before = (
  title: string,
  where: Where,
  misbehave: Misbehaviour,
  code: number,
  message: RegExp,
  more: Partial<Row> = {},
): Row => ({ title, where, misbehave, code, message, secret: "not changed", ...more });

const UNUSABLE = /an answer that cannot be used/;
const BY_NAME = { args: ["--client-name", "orders"] };

/** @param elsewhere the origin of another host, which nobody may call */
export function rows(elsewhere: () => string): Row[] {
  const id = "11111111-2222-4333-8444-555555555555";
  const entity = { id, name: "orders", authorizedGrantType: "CLIENT-CREDENTIALS" };
  const page = (nextUri: string): Misbehaviour => answer(200, { entities: [], nextUri });
  const nextUri = (title: string, uri: () => string): Row =>
    before(
      `list: nextUri ${title}`,
      LIST,
      (response, request) => page(uri())(response, request),
      7,
      /nextUri leads elsewhere/,
      BY_NAME,
    );
  return [
    before(
      "login: a redirect to another host",
      LOGIN,
      redirect(307, elsewhere),
      7,
      /answered 307 while signing in/,
    ),
    before("login: gigabytes", LOGIN, endless(), 7, /larger than 8 MB/),
    before("login: gigabytes, announced", LOGIN, endless(200, true), 7, /larger than 8 MB/),
    before("login: a refusal of gigabytes", LOGIN, endless(400), 7, /larger than 8 MB/),
    before("login: a gzip bomb that nobody asked for", LOGIN, gzipBomb(), 7, /answered 200 while signing in/),
    before(
      "login: a portal's page",
      LOGIN,
      answer(200, PORTAL, { "content-type": "text/html" }),
      7,
      /answered 200 while/,
    ),
    before(
      "login: a token of two lines",
      LOGIN,
      answer(200, { access_token: "a\r\nX-Injected: 1" }),
      7,
      /answered 200 while/,
    ),
    before(
      "login: a token that is none",
      LOGIN,
      answer(200, { access_token: { a: 1 } }),
      7,
      /answered 200 while/,
    ),
    before("login: nested two million times", LOGIN, answer(200, DEEP), 7, /answered 200 while/),
    before(
      "login: a token of the prototype's",
      LOGIN,
      answer(200, '{"__proto__":{"access_token":"abc"}}'),
      7,
      /answered 200/,
    ),
    before("login: headers of 90 kB", LOGIN, hugeHeaders(), 7, /No answer .*HPE_HEADER_OVERFLOW/, {
      requests: 5,
    }),
    before(
      "login: a reason that commands a terminal and a CI runner",
      LOGIN,
      answer(400, { error: "invalid_client", error_description: ESCAPES }),
      3,
      /refused the admin client \(invalid_client: \\u001b/,
    ),
    before(
      "login: a reason that quotes id and secret",
      LOGIN,
      echo(401, (said) => ({ error: "invalid_client", error_description: said })),
      3,
      /refused the admin client \(invalid_client: cannot read .*\[what was sent\]/,
    ),
    before(
      "login: Retry-After of a year",
      LOGIN,
      answer(429, {}, { "retry-after": String(YEAR_S) }),
      7,
      /limits the rate/,
    ),
    before(
      "login: Retry-After in the year 9999",
      LOGIN,
      answer(503, {}, { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }),
      7,
      /answered 503/,
    ),
    before(
      "login: Retry-After of less than nothing",
      LOGIN,
      answer(429, {}, { "retry-after": "-1000" }),
      7,
      /limits the rate/,
      { requests: 5 },
    ),
    before(
      "login: Retry-After that is no time",
      LOGIN,
      answer(429, {}, { "retry-after": "soon" }),
      7,
      /limits the rate/,
      { requests: 5 },
    ),

    before(
      "find: a redirect to another host",
      FIND,
      redirect(302, elsewhere),
      7,
      /answered 302 while looking up/,
    ),
    before("find: gigabytes", FIND, endless(), 7, /larger than 8 MB/),
    before("find: a gzip bomb that nobody asked for", FIND, gzipBomb(), 7, UNUSABLE),
    before("find: a portal's page", FIND, answer(200, PORTAL), 7, UNUSABLE),
    before("find: another client", FIND, answer(200, entity), 7, UNUSABLE),
    before(
      "find: a refusal that commands a terminal, with a contextId that is none",
      FIND,
      answer(403, { message: ESCAPES, contextId: `x${ESCAPES}` }),
      4,
      /oauth:client:view \(403\).*\\u001b/,
    ),
    before(
      "find: a refusal that quotes the token",
      FIND,
      echo(401, (message) => ({ message })),
      3,
      /\[what was sent\]/,
      { requests: 2 },
    ),

    before(
      "list: a redirect to another host",
      LIST,
      redirect(301, elsewhere),
      7,
      /answered 301 while listing/,
      BY_NAME,
    ),
    before(
      "list: an id that is a command",
      LIST,
      answer(200, { entities: [{ ...entity, id: `x${ESCAPES}` }] }),
      7,
      UNUSABLE,
      BY_NAME,
    ),
    before(
      "list: an id of half a character",
      LIST,
      answer(200, '{"entities":[{"id":"\\ud800","name":"orders","authorizedGrantType":"CODE"}]}'),
      7,
      UNUSABLE,
      BY_NAME,
    ),
    nextUri("on another host", () => `${elsewhere()}/api/v2/oauth/clients?pageNumber=2`),
    nextUri("without a scheme, on another host", () => "//evil.example/api/v2/oauth/clients"),
    nextUri("with backslashes, on another host", () => "\\\\evil.example\\api\\v2\\oauth\\clients"),
    nextUri("on another path", () => "/api/v2/users?pageNumber=2"),
    nextUri("that climbs to another path", () => "/api/v2/oauth/clients/../../../users"),
    before(
      "list: nextUri in a circle",
      LIST,
      page("/api/v2/oauth/clients"),
      7,
      /its pages go in a circle/,
      BY_NAME,
    ),
    before(
      "list: nextUri in a circle of two",
      LIST,
      (response, request) =>
        page(`/api/v2/oauth/clients?pageNumber=${request.url.includes("=2") ? 1 : 2}`)(response, request),
      7,
      /its pages go in a circle/,
      { ...BY_NAME, requests: 3 },
    ),
    before(
      "list: pages without an end",
      LIST,
      (response, request) =>
        page(`/api/v2/oauth/clients?pageNumber=${Number(/\d+$/.exec(request.url)) + 1}`)(response, request),
      7,
      /its pages go in a circle/,
      { ...BY_NAME, requests: 1000 },
    ),

    before(
      "regenerate: a refusal that commands a terminal, with a contextId that is none",
      { ...REGENERATE, effect: false },
      answer(403, { message: ESCAPES, contextId: "a\r\nb" }),
      4,
      /oauth:client:edit \(403\).*\\u001b/,
    ),
    ...[302, 303, 307].map(
      (status): Row => ({
        title: `regenerate: a redirect (${status}) to another host`,
        where: REGENERATE,
        misbehave: redirect(status, elsewhere),
        code: 8,
        message: /perhaps regenerated, but the answer was lost/,
        secret: "perhaps changed",
      }),
    ),
    ...after(id),
  ];
}

/** Answers to the irreversible call, and to what comes after it. */
function after(id: string): Row[] {
  const unusable = (title: string, misbehave: Misbehaviour, message: RegExp, requests = 1): Row => ({
    title: `regenerate: ${title}`,
    where: REGENERATE,
    misbehave,
    code: 8,
    message,
    secret: "perhaps changed",
    requests,
  });
  const own =
    (fields: string): Misbehaviour =>
    (response, request) =>
      answer(200, `{"id":"${request.url.split("/").at(-2)}"${fields}}`)(response, request);
  const NO_SECRET = /the answer cannot be used: it holds no usable secret/;
  return [
    unusable("no secret", own(""), NO_SECRET),
    unusable("an empty secret", own(',"secret":""'), NO_SECRET),
    unusable("a secret that is no text", own(',"secret":{"a":1}'), NO_SECRET),
    unusable("a secret with control characters", own(',"secret":"abcdefgh\\r\\nX-Injected: 1"'), NO_SECRET),
    unusable("a secret of a megabyte", own(`,"secret":"${"s".repeat(1 << 20)}"`), NO_SECRET),
    unusable("a secret of the prototype's", own(',"__proto__":{"secret":"abcdefghijklmnop"}'), NO_SECRET),
    unusable(
      "another client's secret",
      answer(200, { id, secret: "abcdefghijklmnop" }),
      /it is about the client 1111/,
    ),
    unusable(
      "an id that is a command",
      answer(200, { id: `x${ESCAPES}`, secret: "abcdefghijklmnop" }),
      /about the client x\\u001b/,
    ),
    unusable("a portal's page", answer(200, PORTAL), NO_SECRET, 3),
    unusable("a gzip bomb that nobody asked for", gzipBomb(), NO_SECRET, 3),
    {
      title: "regenerate: gigabytes",
      where: REGENERATE,
      misbehave: endless(),
      code: 8,
      message: /perhaps regenerated, but the answer was lost: .*larger than 8 MB/,
      secret: "perhaps changed",
    },
    {
      title: "regenerate: a secret that is none of the client's",
      where: REGENERATE,
      misbehave: own(',"secret":"abcdefghijklmnop"'),
      code: 9,
      message: /stored, but it does not log in/,
      secret: "changed",
    },
    {
      title: "the first login: gigabytes",
      where: VERIFY,
      misbehave: endless(),
      code: 9,
      message: /stored, but it was not seen to log in: .*larger than 8 MB/,
      secret: "changed",
      requests: 9,
    },
    {
      title: "the first login: a reason that quotes the new secret",
      where: VERIFY,
      misbehave: echo(400, (said) => ({
        error: "invalid_client",
        error_description: `authentication failed: ${said}`,
      })),
      code: 9,
      message: /does not log in: .*\[what was sent\]/,
      secret: "changed",
      requests: 9,
    },
    {
      title: "the first login: a denial that quotes the new secret",
      where: VERIFY,
      misbehave: echo(403, (said) => ({ error: "access_denied", error_description: said })),
      code: 0,
      message: /was not seen to log in: .*\[what was sent\]/,
      secret: undefined,
      requests: 9,
    },
    {
      title: "revoking the tokens: gigabytes",
      where: REVOKE,
      misbehave: endless(),
      code: 0,
      message: /Done: the secret/,
      secret: undefined,
      requests: 2,
    },
  ];
}
