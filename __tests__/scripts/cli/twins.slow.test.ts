import { readFileSync } from "node:fs";
import { join } from "node:path";
import { limits, oneClient } from "../../helpers/one-client";
import type { ProgramResult } from "../../helpers/program";

let b: string;
const one = oneClient({
  name: "orders (A)",
  environment: () => ({ ...limits(1), TARGET_CLIENT_ID: one.id, TARGET_TWIN_ID: b }),
});

beforeEach(() => {
  b = one.sandbox.addClient({ name: "orders (B)" }).id;
});

/** Runs a command on the twins. */
async function program(
  command: string,
  args: string[] = [],
  environment: Record<string, string> = {},
): Promise<ProgramResult> {
  const result = await one.run([command, ...args], environment);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return result;
}

const stores = (...names: string[]): string[] => names.flatMap((name) => ["--store", `file:./${name}.json`]);
const path = (name: string): string => join(one.folder, `${name}.json`);
const held = (name: string): Record<string, string> => JSON.parse(readFileSync(path(name), "utf8"));
const put = (name: string, fields: object): void => one.put(`${name}.json`, JSON.stringify(fields));
const lives = (name: string): boolean =>
  one.sandbox.accepts(held(name).client_id ?? "", held(name).client_secret ?? "");

/** Rotates, and says which client the stores show then. */
async function rotate(rotation: string, args: string[] = stores("one", "two")): Promise<string> {
  expect(await program("regenerate", [...args, "--rotation", rotation])).toMatchObject({ code: 0 });
  return held("one").client_id as string;
}

/** As a run that was killed between two stores' writes leaves it: "one" shows B, "two" still A, and both live. */
async function breakOff(): Promise<void> {
  await rotate("1");
  const before = held("two");
  await rotate("2");
  put("two", before);
  expect([held("one").client_id, held("two").client_id, lives("one"), lives("two")]).toEqual([
    b,
    one.id,
    true,
    true,
  ]);
}

describe("regenerate", () => {
  test("takes turns: the secret before lives until the next rotation", async () => {
    const turns: string[] = [];
    let before = { client_id: "", client_secret: "" } as Record<string, string>;
    for (const rotation of ["1", "2", "3", "4"]) {
      turns.push(await rotate(rotation));
      const [client, secret] = [before.client_id ?? "", before.client_secret ?? ""];
      if (client) expect(one.sandbox.accepts(client, secret)).toBe(true);
      expect(held("two")).toEqual(held("one"));
      expect(lives("one")).toBe(true);
      before = held("one");
    }
    expect(turns).toEqual([one.id, b, one.id, b]);
    expect(one.accepted()).toBe(4);
  });

  test("says which one is in use, and which keeps its secret", async () => {
    await rotate("1");
    const { stderr, stdout } = await program("regenerate", [...stores("one"), "--rotation", "2", "--json"]);
    expect(stderr).toContain(
      'Regenerating the secret of "orders (B)", the idle one: the rotation id has changed',
    );
    expect(stderr).toContain(
      `In use now: "orders (B)". "orders (A)" (${one.id}) keeps its secret until the next rotation.`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "regenerated",
      client: { id: b },
      idle: { id: one.id, name: "orders (A)" },
    });
  });

  test("a rotation id is done once; --again or its variable, or no id, rotates once more", async () => {
    await rotate("1");
    const done = await program("regenerate", [...stores("one", "two"), "--rotation", "1"]);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('the rotation "1" is done') });
    expect([held("one").client_id, one.accepted()]).toEqual([one.id, 1]);
    expect(await rotate("1", [...stores("one", "two"), "--again"])).toBe(b);
    const environment = { GENESYS_SECRET_AGAIN: "1", SECRET_ROTATION: "1" };
    expect(await program("regenerate", stores("one", "two"), environment)).toMatchObject({ code: 0 });
    expect(held("one").client_id).toBe(one.id);
    expect(await program("regenerate", stores("one", "two"))).toMatchObject({ code: 0 });
    expect([held("one").client_id, one.accepted()]).toEqual([b, 4]);
  });

  test.each([
    ["the same rotation", "2", "2"],
    ["the next one, which it counts as", "3", "3"],
  ])("finishes a rotation that was interrupted between two stores, in %s", async (_, rotation, noted) => {
    await breakOff();
    const { stderr } = await program("regenerate", [...stores("one", "two"), "--rotation", rotation]);
    expect(stderr).toContain("a rotation was interrupted, and is finished");
    expect(one.accepted()).toBe(2);
    expect([held("one").client_id, held("two").client_id]).toEqual([b, b]);
    expect([held("one").rotation, held("two").rotation]).toEqual([noted, noted]);
    expect(held("two").client_secret).toBe(held("one").client_secret);
    expect(await rotate("4")).toBe(one.id);
  });

  test("takes over from a client that has its secret in the store and is named, and leaves that alive", async () => {
    const { id, secret } = one.sandbox.addClient({ name: "orders" });
    put("one", { client_id: id, client_secret: secret, team: "kept" });
    const named = [...stores("one"), "--take-over", id];
    expect(await rotate("1", named)).toBe(one.id);
    expect(one.sandbox.accepts(id, secret)).toBe(true);
    expect(held("one").team).toBe("kept");
  });

  test("one of the twins may be what was there before: it stays in use until the other takes over", async () => {
    const { code } = await program("regenerate", [...stores("one"), "--rotation", "1"], {
      TARGET_TWIN_ID: "",
    });
    expect(code).toBe(0);
    const before = held("one").client_secret as string;
    expect(await rotate("2", stores("one"))).toBe(b);
    expect(one.accepts(before)).toBe(true);
  });

  test("a dry run changes nothing, and says what would be done", async () => {
    await breakOff();
    const before = [held("one"), held("two")];
    const dry = await program("regenerate", [...stores("one", "two"), "--rotation", "3", "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining("A run would copy the secret of") });
    expect([held("one"), held("two"), one.accepted()]).toEqual([...before, 2]);
  });

  test("ends with 9 when the new secret does not log in: the stores still show the other, which works", async () => {
    await rotate("1");
    const before = held("one");
    const forget = one.sandbox.onAnswer(({ path: called }) => {
      if (called.endsWith("/secret"))
        one.sandbox.fault({
          path: "/oauth/token",
          times: Number.POSITIVE_INFINITY,
          status: 400,
          body: { error: "invalid_client", description: "authentication failed" },
        });
    });
    const failed = await program("regenerate", [...stores("one", "two"), "--rotation", "2"]);
    expect(failed).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("The stores still show the other client, which works."),
    });
    expect(failed.stderr).toContain("one.json untouched");
    expect([held("one"), held("two")]).toEqual([before, before]);
    forget();
    one.sandbox.clearFaults();
    expect(lives("one")).toBe(true);
    expect(await rotate("2")).toBe(b);
  });

  test("ends with 6, not changed, where the login service does not say whether a twin's secret is valid", async () => {
    await breakOff();
    one.sandbox.fault({ path: "/oauth/token", skip: 1, times: Number.POSITIVE_INFINITY, status: 503 });
    expect(await program("regenerate", [...stores("one", "two"), "--rotation", "3"])).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("It cannot be seen which of the twins logs in"),
    });
    expect(one.accepted()).toBe(2);
  });
});

describe("regenerate with twins refuses before anything is touched", () => {
  const bare = "holds the bare secret, and with twins the client id changes together with it";
  test.each<[string, string[], Record<string, string>, string]>([
    ["a program", [...stores("one"), "--store", 'command:["true"]'], {}, bare],
    ["standard output", [...stores("one"), "--store", "stdout:"], {}, bare],
    ["a GitHub secret", [...stores("one"), "--store", "github-actions:o/r/N"], {}, bare],
    ["a GitLab variable", [...stores("one"), "--store", "gitlab:g%2Fp/K"], {}, bare],
    ["a bare parameter", [...stores("one"), "--store", "aws-ssm:/n?field=client_secret"], {}, bare],
    ["what cannot be read", ["--store", "genesys-credential:x"], {}, "none of the stores can be read back"],
    ["half a pair", stores("one"), { TARGET_CLIENT_ID: "" }, "Only one of the twins is named"],
    ["a malformed twin", stores("one"), { TARGET_TWIN_ID: "../x" }, "letters, digits and hyphens"],
  ])("a second store that is %s", async (_, args, environment, message) => {
    expect(await program("regenerate", args, environment)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
    expect(one.sandbox.journal).toEqual([]);
  });

  test("a client as its own twin", async () => {
    expect(await program("regenerate", [...stores("one"), "--twin-id", one.id.toUpperCase()])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Both twins are the client"),
    });
  });

  test.each(["--client-id", "--twin-id"])("the admin's own client as %s", async (flag) => {
    const result = await program("regenerate", [...stores("one"), flag, one.sandbox.admin.clientId]);
    expect(result).toMatchObject({ code: 5, stderr: expect.stringContaining("ERR_CLIENT_IS_ADMIN") });
    expect(one.accepted()).toBe(0);
  });

  test.each(["TARGET_CLIENT_ID", "TARGET_TWIN_ID"])(
    "%s of a grant without a secret, or gone",
    async (name) => {
      const { id } = one.sandbox.addClient({ name: "browser", grant: "TOKEN" });
      expect(await program("regenerate", stores("one"), { [name]: id })).toMatchObject({ code: 5 });
      expect(await program("regenerate", stores("one"), { [name]: "gone" })).toMatchObject({ code: 5 });
      expect(one.accepted()).toBe(0);
    },
  );
});

describe("with either twin", () => {
  test("verify finds nothing wrong", async () => {
    await rotate("1");
    expect(await program("verify", stores("one", "two"))).toMatchObject({ code: 0 });
    await rotate("2");
    expect(await program("verify", stores("one", "two"))).toMatchObject({ code: 0 });
    const { code, stdout } = await program("verify", stores("one"), {
      TARGET_CLIENT_ID: one.sandbox.admin.clientId,
      TARGET_TWIN_ID: one.id,
    });
    expect([code, stdout]).toEqual([10, expect.stringContaining("it holds another client than")]);
  });

  test("run takes the secret in use", async () => {
    for (const rotation of ["1", "2"]) {
      const client = await rotate(rotation);
      const script = "console.log(process.env.GENESYSCLOUD_OAUTHCLIENT_ID)";
      const { stdout } = await program("run", [...stores("one"), "--", process.execPath, "-e", script]);
      expect(stdout.trim()).toBe(client);
    }
  });

  test("remove takes the document out", async () => {
    await rotate("1");
    await rotate("2", stores("one"));
    expect([held("one").client_id, held("two").client_id]).toEqual([b, one.id]);
    expect(await program("remove", [...stores("one", "two"), "--yes"])).toMatchObject({ code: 0 });
    expect(() => held("one")).toThrow("ENOENT");
    expect(() => held("two")).toThrow("ENOENT");
  });
});

describe("doctor", () => {
  test("says which one is in use", async () => {
    await rotate("1");
    const { code, stdout } = await program("doctor", stores("one", "two"));
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`Twins: ${one.id} is in use; ${b} is idle, for whoever still holds it\n`),
    ]);
    await rotate("2");
    const json = await program("doctor", [...stores("one", "two"), "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ twins: { in_use: b, idle: one.id }, findings: [] });
  });

  test("finds a rotation that was interrupted between two stores, and heals it without another one", async () => {
    await breakOff();
    const found = await program("doctor", stores("one", "two"));
    expect([found.code, found.stdout]).toEqual([
      10,
      expect.stringContaining(
        `file:./two.json: it shows the other twin, ${one.id}, which is valid: a rotation was interrupted`,
      ),
    ]);
    expect(await program("doctor", [...stores("one", "two"), "--heal"])).toMatchObject({ code: 0 });
    expect([held("two").client_id, one.accepted()]).toEqual([b, 2]);
  });

  test("makes a new secret where none works", async () => {
    put("one", {
      client_id: one.id,
      client_secret: "dead-since-long-ago",
      regenerated_at: "2026-01-01T00:00:00Z",
    });
    const unknown = await program("doctor", stores("one"));
    expect([unknown.code, unknown.stdout]).toEqual([10, expect.stringContaining("its secret is invalid")]);
    expect(await program("doctor", [...stores("one"), "--heal", "--rotate"])).toMatchObject({ code: 0 });
    expect([held("one").client_id, lives("one")]).toEqual([b, true]);
  });
});
