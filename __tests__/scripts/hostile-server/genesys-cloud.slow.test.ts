import { Doorbell } from "../../helpers/doorbell";
import { sent, tricklingBody, tricklingHeaders } from "../../helpers/hostile-answers";
import { HostileOrg, type Misbehaviour, type Where } from "../../helpers/hostile-org";
import { assertHarmless } from "../../helpers/hostile-text";
import { limits, oneClient } from "../../helpers/one-client";
import type { ProgramResult } from "../../helpers/program";
import { rows } from "./rows";

const one = oneClient({ environment: () => limits(1) });
const regenerate = (args: readonly string[], environment = {}): Promise<ProgramResult> =>
  one.run(["regenerate", ...args], environment);

let elsewhere: Doorbell;
beforeAll(async () => {
  elsewhere = await Doorbell.listen();
});
afterAll(() => elsewhere.close());

/** Runs `regenerate` against an org that misbehaves in one place. */
async function meet(
  where: Where,
  misbehave: Misbehaviour,
  args: readonly string[],
): Promise<{ result: ProgramResult; met: number }> {
  const org = await HostileOrg.open(one.sandbox, where, misbehave);
  try {
    const result = await regenerate([...args], org.environment);
    return { result, met: org.met.count };
  } finally {
    await org.close();
  }
}

const ROWS = rows(() => `http://127.0.0.1:${elsewhere.port}`);

test.each(ROWS.map((row) => [row.title, row] as const))(
  "a server that misbehaves is met: %s",
  async (_, row) => {
    const args = row.args ? [...row.args, "--store", "file:./orders.json"] : one.target;
    const bytes = sent.bytes;
    const { result, met } = await meet(row.where, row.misbehave, args);

    expect(result).toMatchObject({ code: row.code, stderr: expect.stringMatching(row.message) });
    if (row.secret !== undefined) expect(result.stderr).toContain(`  Secret:    ${row.secret}\n`);
    one.expectDiscreet(result);
    assertHarmless(result.stderr);
    expect(result.stderr).not.toContain("contextId:");

    // Nobody else was called, nothing was asked without bound, and no more was read than an answer can have.
    expect(elsewhere.rings).toBe(0);
    expect(met).toBeGreaterThan(0);
    expect(met).toBeLessThanOrEqual(row.requests ?? 1);
    expect(sent.bytes - bytes).toBeLessThan(64 * 1024 ** 2 * met);

    // What it says of the secret is true, and a healthy run heals.
    if (row.secret === "not changed") {
      expect(one.accepted()).toBe(0);
      expect(one.accepts(one.bornWith)).toBe(true);
    }
    if (row.code === 8 || row.code === 9) {
      expect(await regenerate(one.target, {})).toMatchObject({ code: 0 });
      expect(one.accepts(one.stored())).toBe(true);
    }
  },
);

test("a JSON answer with the wrong content type is taken for what it is", async () => {
  const org = await HostileOrg.open(
    one.sandbox,
    { method: "GET", path: /clients\/[^/]+$/ },
    (response, { url }) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(
        JSON.stringify({
          id: url.split("/").at(-1),
          name: "orders",
          authorizedGrantType: "CLIENT-CREDENTIALS",
        }),
      );
    },
  );
  const result = await regenerate(one.target, org.environment);
  await org.close();
  expect(result).toMatchObject({ code: 0 });
  expect(one.accepts(one.stored())).toBe(true);
});

test("an admin's secret in the place of its id does not show, whatever the server says of it", async () => {
  const { clientId, clientSecret } = one.sandbox.admin;
  const login = { method: "POST", path: /^\/oauth\/token$/ };
  const org = await HostileOrg.open(one.sandbox, login, (response, { headers }) => {
    const [given] = Buffer.from(headers.authorization?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    response
      .writeHead(400)
      .end(JSON.stringify({ error: "invalid_client", description: `client not found: ${given}` }));
  });
  const result = await regenerate(one.target, {
    ...org.environment,
    GENESYSCLOUD_OAUTHCLIENT_ID: clientSecret,
    GENESYSCLOUD_OAUTHCLIENT_SECRET: clientId,
  });
  await org.close();
  expect(result).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("client not found: [what was sent]"),
  });
  one.expectDiscreet(result);
});

test("bytes that trickle in are not waited for without end", async () => {
  const login = { method: "POST", path: /^\/oauth\/token$/ };
  const find = { method: "GET", path: /\/clients\/[^/]+$/ };
  const call = { method: "POST", path: /\/secret$/ };
  const other = one.sandbox.addClient({ name: "other" });
  const at = (name: string, client = one.id): string[] => [
    "--client-id",
    client,
    "--store",
    `file:./${name}.json`,
  ];
  const [headers, body, regenerated] = await Promise.all([
    meet(login, tricklingHeaders(), at("a")),
    meet(find, tricklingBody(), at("b")),
    meet(call, tricklingHeaders(), at("c", other.id)),
  ]);
  for (const { result } of [headers, body]) {
    expect(result).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('no answer within the time for "request"'),
    });
    expect(result.stderr).toContain("Secret:    not changed");
  }
  expect(regenerated.result).toMatchObject({
    code: 8,
    stderr: expect.stringContaining("the answer was lost"),
  });
  expect(regenerated.result.stderr).toContain("Secret:    perhaps changed");
  for (const { result } of [headers, body, regenerated]) one.expectDiscreet(result);
  expect(one.accepted()).toBe(1);
});
