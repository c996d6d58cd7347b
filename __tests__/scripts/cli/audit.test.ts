import { readFileSync, writeFileSync } from "node:fs";
import { oneClient } from "../../helpers/one-client";
import type { ProgramResult } from "../../helpers/program";

const one = oneClient();
beforeEach(() => writeFileSync(one.path("terraform.tfstate"), state(one.client)));

const state = ({ id, secret }: { id: string; secret: string }): string =>
  JSON.stringify(
    {
      version: 4,
      terraform_version: "1.11.4",
      resources: [
        {
          mode: "managed",
          type: "genesyscloud_oauth_client",
          name: "orders",
          instances: [
            { attributes: { client_id: id, client_secret: secret, expose_client_secret: true, id } },
          ],
        },
      ],
    },
    null,
    2,
  );

const audit = (args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> =>
  one.run(["audit", ...args], environment);
const logins = (): number =>
  one.sandbox.journal.filter(({ path: called }) => called === "/oauth/token").length;
const noAdmin = { GENESYSCLOUD_OAUTHCLIENT_ID: "", GENESYSCLOUD_OAUTHCLIENT_SECRET: "" };

test("audit finds the secret that expose_client_secret left in a state, and asks nobody", async () => {
  const result = await audit(["terraform.tfstate"], noAdmin);
  expect(result).toMatchObject({ code: 10, stderr: "" });
  expect(result.stdout).toMatch(new RegExp(`^unchecked  #[0-9a-f]{8}  ${one.id} +1$`, "m"));
  expect(result.stdout).toContain(
    "terraform.tfstate:13\n    genesyscloud_oauth_client.orders, client_secret",
  );
  expect(one.sandbox.journal).toEqual([]);
});

test("a secret is called the same all over a report, and otherwise in the next one: no guess can be proven by it", async () => {
  writeFileSync(one.path("b.tfstate"), state(one.sandbox.addClient({ name: "other" })));
  writeFileSync(one.path("copy.log"), `client_secret=${one.bornWith}`);
  const names = async (): Promise<string[]> => {
    const { leaks } = JSON.parse((await audit(["--json", "."])).stdout);
    expect(leaks.map(({ places }: { places: unknown[] }) => places.length).sort()).toEqual([1, 2]);
    return leaks.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
  };
  expect(new Set([...(await names()), ...(await names())]).size).toBe(4);
});

test("no line of the table is wider than 80 columns, however long a path is", async () => {
  const long = `${"very-long-name-".repeat(14)}.tfstate`;
  writeFileSync(one.path(long), state(one.client));
  writeFileSync(one.path("broken.tfstate"), '{"version": 4');
  const { stdout } = await audit(["."]);
  expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(stdout.replace(/\n\s*/g, "")).toContain(long);
});

test("audit ends with 0 when nothing is found", async () => {
  writeFileSync(one.path("clean.log"), "nothing to see\n");
  expect(await audit(["clean.log"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Nothing was found."),
  });
});

test("audit ends with 10 for a file that is cut off, and shows no stack trace", async () => {
  writeFileSync(one.path("terraform.tfstate"), state({ ...one.client, secret: "" }).slice(0, 200));
  const result = await audit(["."]);
  expect(result).toMatchObject({
    code: 10,
    stderr: "",
    stdout: expect.stringContaining("NOT SEARCHED: terraform.tfstate"),
  });
});

test.each([
  ["no path", [], /missing required argument/],
  ["a path that is not there", ["gone.tfstate"], /"gone.tfstate" cannot be read \(ENOENT\)/],
  ["standard input twice", ["-", "-"], /named twice/],
  ["--json and --sarif", [".", "--json", "--sarif"], /both want standard output/],
  ["--kill without a store", [".", "--kill", "abc"], /--kill must be CLIENT_ID=STORE/],
  ["--kill with an unknown store", [".", "--kill", "abc=nowhere:x"], /scheme is unknown/],
  ["--kill into standard output", [".", "--kill", "abc=stdout:"], /wants standard output/],
  ["a store that cannot be read", [".", "--store", 'command:["true"]'], /cannot be read back/],
  ["an unknown region", [".", "--check-live", "--region", "moon"], /region "moon" is unknown/],
] as [string, string[], RegExp][])("audit with %s ends with 2", async (_, args, message) => {
  const result = await audit(args);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(message);
  expect(result.stdout).toBe("");
});

describe("--check-live", () => {
  test("a valid secret is an alarm; each secret is tried once, and the token revoked", async () => {
    writeFileSync(one.path("copy.tfstate.backup"), state(one.client));
    const result = await audit(["--check-live", "--json", "."], noAdmin);
    expect(result.code).toBe(10);
    const { leaks, checked_at } = JSON.parse(result.stdout);
    expect(leaks).toMatchObject([{ client_id: one.id, life: "alive" }]);
    expect(leaks[0].places).toHaveLength(2);
    expect(checked_at).toBe("us-east-1 (mypurecloud.com)");
    expect(one.sandbox.journal.map(({ method, path: called }) => `${method} ${called}`)).toEqual([
      "POST /oauth/token",
      "DELETE /api/v2/tokens/me",
    ]);
  });

  test("an invalid secret is a note: exit 0", async () => {
    writeFileSync(
      one.path("terraform.tfstate"),
      state({ ...one.client, secret: one.sandbox.addClient({ name: "x" }).secret }),
    );
    const result = await audit(["--check-live", "."]);
    expect(result).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Nothing that was found is alive."),
    });
    expect(result.stdout).toMatch(/^dead {7}#/m);
  });

  test("a CODE client's secret, which cannot log in by itself, is told alive from dead, too", async () => {
    const code = one.sandbox.addClient({ name: "web", grant: "CODE" });
    writeFileSync(one.path("terraform.tfstate"), state(code));
    writeFileSync(one.path("old.tfstate"), state({ ...code, secret: one.bornWith }));
    const result = await audit(["--check-live", "--json", "."]);
    expect(JSON.parse(result.stdout).leaks).toMatchObject([
      { client_id: code.id, life: "alive", places: [{ file: "terraform.tfstate" }] },
      { client_id: code.id, life: "dead", places: [{ file: "old.tfstate" }] },
    ]);
  });

  test("the login service's rate limit is waited for, and is no refusal", async () => {
    const body = { error: "invalid_request", error_description: "rate limit exceeded; try later" };
    one.sandbox.fault({ path: "/oauth/token", status: 400, body });
    expect(await audit(["--check-live", "."])).toMatchObject({
      code: 10,
      stdout: expect.stringMatching(/^ALIVE/m),
    });
    expect(logins()).toBe(2);
  });

  test("a login service out of reach proves nothing: exit 10", async () => {
    one.sandbox.fault({ path: "/oauth/token", status: 503, times: Number.POSITIVE_INFINITY });
    expect(await audit(["--check-live", "."])).toMatchObject({
      code: 10,
      stdout: expect.stringMatching(/^unknown/m),
    });
  });

  test("a secret without a client's id is not tried", async () => {
    writeFileSync(one.path("terraform.tfstate"), `client_secret=${one.bornWith}`);
    const result = await audit(["--check-live", "--json", "."]);
    expect(JSON.parse(result.stdout).leaks).toMatchObject([
      { life: "unchecked", reason: "no client id stands beside it" },
    ]);
    expect(logins()).toBe(0);
  });
});

describe("--kill", () => {
  test("the leaked secret dies, the store holds the new one, and a second audit says dead", async () => {
    const kill = ["--kill", `${one.id}=file:./orders.json`];
    const first = await audit([...kill, "."]);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^killed/m) });
    expect(one.accepts(one.bornWith)).toBe(false);
    const { client_id, client_secret } = JSON.parse(readFileSync(one.path("orders.json"), "utf8"));
    expect(one.sandbox.accepts(client_id, client_secret)).toBe(true);

    // The store itself is no leak.
    const second = await audit(["--check-live", "--store", "file:./orders.json", "."]);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringMatching(/^dead/m) });
    expect(second.stdout).toContain("1 secret,");
    const third = await audit([...kill, "."]);
    expect(third.stderr).toContain("nothing was changed");
    expect(JSON.parse(readFileSync(one.path("orders.json"), "utf8")).client_secret).toBe(client_secret);
  });

  test("into a store that holds the leaked secret, it is a new one that it holds then", async () => {
    const document = {
      client_id: one.id,
      client_secret: one.bornWith,
      rotation: "1",
      stores: ["file:./orders.json"],
    };
    writeFileSync(one.path("orders.json"), JSON.stringify(document), { mode: 0o600 });
    expect(await audit(["--kill", `${one.id}=file:./orders.json`, "terraform.tfstate"])).toMatchObject({
      code: 0,
    });
    expect(JSON.parse(readFileSync(one.path("orders.json"), "utf8")).client_secret).not.toBe(one.bornWith);
    expect(one.accepts(one.bornWith)).toBe(false);
  });

  test("a kill that fails gives regenerate's code; the secret is still said to be alive", async () => {
    writeFileSync(one.path("orders.json"), "not JSON", { mode: 0o600 });
    const result = await audit(["--kill", `${one.id}=file:./orders.json`, "terraform.tfstate"]);
    expect(result).toMatchObject({ code: 6, stdout: expect.stringMatching(/^ALIVE/m) });
    expect(one.accepts(one.bornWith)).toBe(true);
  });

  test("a client that is not on the list is left alone: exit 10", async () => {
    const other = one.sandbox.addClient({ name: "other" });
    const result = await audit(["--kill", `${other.id}=file:./orders.json`, "terraform.tfstate"]);
    expect(result).toMatchObject({ code: 10, stdout: expect.stringMatching(/^ALIVE/m) });
    expect(one.accepts(one.bornWith)).toBe(true);
  });
});

test("--store finds the very secret in any encoding, and nothing that only looks like one", async () => {
  const document = { client_id: one.id, client_secret: one.bornWith };
  writeFileSync(one.path("orders.json"), JSON.stringify(document), { mode: 0o600 });
  writeFileSync(
    one.path("terraform.tfstate"),
    `x ${Buffer.from(`:${one.bornWith}`).toString("base64")}\n${"y".repeat(43)}`,
  );
  const result = await audit(["--store", "file:./orders.json", "--json", "--check-live", "."]);
  expect(result.code).toBe(10);
  expect(JSON.parse(result.stdout).leaks).toMatchObject([
    {
      client_id: one.id,
      life: "alive",
      places: [{ found_by: "value", what: "the secret in file:./orders.json, base64 at offset 1" }],
    },
  ]);
});
