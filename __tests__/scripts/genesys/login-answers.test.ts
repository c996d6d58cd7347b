import { DENIALS } from "../../../sandbox/org";
import { Secret } from "../../../scripts/core/secret";
import { login } from "../../../scripts/genesys/login";
import { LOGIN_ANSWERS, type Meaning, meaningOf } from "../../../scripts/genesys/login-answers";
import type { Answer, Reply } from "../../../scripts/genesys/reply";
import { tryLogin } from "../../../scripts/genesys/try-login";

const REGION = { name: "us-east-1", domain: "mypurecloud.com" };
const ENDPOINT = { region: REGION, api: "https://api.example", login: "https://login.example" };
const SECRET = new Secret("a-secret-of-a-client-that-is-offered-once");

const answer = (status: number, body?: unknown): Answer => ({ kind: "answer", status, headers: {}, body });
const refusal = (status: number, error: string, description?: string): Answer =>
  answer(status, { error, description });

/** What a client of this grant learns from a reply, and what was sent. */
async function learned(reply: Reply, grant?: string) {
  const forms: unknown[] = [];
  const sender = {
    send: async (call: { form?: unknown }) => {
      forms.push(call.form);
      return reply;
    },
  };
  const revoked: string[] = [];
  const logins = {
    logIn: (who: Parameters<typeof login>[2], retryFor: number) => login(sender, ENDPOINT, who, retryFor),
    revoke: async (token: Secret) => void revoked.push(token.reveal()),
  };
  const verdict = await tryLogin(logins, { clientId: "c1", secret: SECRET, grant }, 0);
  return { verdict, forms, revoked };
}

const GRANT_TEXT = "client is not authorized to use the client_credential grant type";

/** For each row of the table an answer that it is there for. */
const KNOWN: readonly [string, Answer, Meaning][] = [
  ["200 and a token", answer(200, { access_token: "abc" }), "valid"],
  ["a wrong secret", refusal(400, "invalid_client", "authentication failed"), "invalid"],
  ["a wrong id", refusal(401, "invalid_client", "client not found: invalid clientId"), "invalid"],
  ["the wrong grant", refusal(400, "unauthorized_client", GRANT_TEXT), "valid"],
  [
    "the login's own rate limit",
    refusal(400, "invalid_request", "rate limit exceeded; retry in 7 seconds"),
    "rate limit",
  ],
  ["429", answer(429), "rate limit"],
  ["503", answer(503, "<html>"), "out of reach"],
  ["a redirect", answer(302), "out of reach"],
];

describe("an answer to a login that is known", () => {
  test.each(KNOWN)("is read as what it says: %s", (_, said, meaning) => {
    expect(meaningOf(said, "CODE")).toBe(meaning);
  });

  test("is of a row of its own, and every row has one", () => {
    const rows = LOGIN_ANSWERS.map(({ status, error, description }) =>
      KNOWN.findIndex(([, { status: code, body }]) => {
        const said = body as { error?: string; description?: string };
        return (
          status.test(String(code)) &&
          (error === undefined || said?.error === error) &&
          (description === undefined || description.test(said?.description ?? ""))
        );
      }),
    );
    expect(rows).toEqual(LOGIN_ANSWERS.map((_, index) => index));
  });
});

describe("an answer to a login that is not known says nothing of the secret", () => {
  test.each(Object.entries(DENIALS))("in this form of a denial: %s", async (_, { status, body }) => {
    for (const grant of ["CLIENT-CREDENTIALS", "CODE", undefined]) {
      const { verdict } = await learned(answer(status, body), grant);
      expect(verdict).toMatchObject({ secret: "unknown", because: "denied" });
    }
  });

  test.each<[string, Answer]>([
    ["a description that is no text", answer(400, { error: "invalid_client", description: { a: 1 } })],
    ["another text of a wrong grant", refusal(400, "unauthorized_client", "no")],
    ["a wrong secret's text behind another", refusal(400, "invalid_client", "no: authentication failed")],
    ["a wrong secret's text of another error", refusal(400, "invalid_request", "authentication failed")],
    ["a wrong secret's text with another status", refusal(403, "invalid_client", "authentication failed")],
    ["404", answer(404)],
  ])("nor in this other form: %s", async (_, said) => {
    expect((await learned(said)).verdict).toMatchObject({ secret: "unknown", because: "denied" });
  });

  test("a client-credentials client that may not use its own grant", async () => {
    const said = refusal(400, "unauthorized_client", GRANT_TEXT);
    expect((await learned(said, "CLIENT-CREDENTIALS")).verdict).toEqual({
      secret: "unknown",
      because: "denied",
      reason: `unauthorized_client: ${GRANT_TEXT}`,
    });
    expect((await learned(said)).verdict).toEqual({ secret: "valid" });
  });

  test("200 without a token is out of reach: no login service says that", async () => {
    expect((await learned(answer(200, "<html>"))).verdict).toMatchObject({
      secret: "unknown",
      because: "out of reach",
    });
  });

  test("no answer is out of reach", async () => {
    const reply = { kind: "no answer", reason: "ECONNREFUSED", neverSent: true, untrusted: false } as const;
    expect((await learned(reply)).verdict).toEqual({
      secret: "unknown",
      because: "out of reach",
      reason: "No answer from Genesys Cloud (ECONNREFUSED)",
    });
  });
});

test.each(["CLIENT-CREDENTIALS", "CODE", undefined])(
  "a client of the grant %s offers client_credentials, and a token that it is given is revoked",
  async (grant) => {
    const { verdict, forms, revoked } = await learned(answer(200, { access_token: "abc" }), grant);
    expect(verdict).toEqual({ secret: "valid" });
    expect(forms).toEqual([{ grant_type: "client_credentials" }]);
    expect(revoked).toEqual(["abc"]);
  },
);
