import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { destroyClient } from "../../helpers/destroy-client";
import { files, oneClient } from "../../helpers/one-client";
import { PROGRAM } from "../../helpers/program";

const one = oneClient();
const OWNER = "terraform:default:dev/orders";

/** A client that the org has besides, with its secret in "shared.json". */
async function otherIn(name = "shared.json", client = "billing", environment = {}): Promise<string> {
  const { id } = one.sandbox.addClient({ name: client });
  const argv = ["regenerate", "--client-id", id, "--rotation", "1", ...files(name)];
  expect(await one.run(argv, environment)).toMatchObject({ code: 0 });
  return id;
}

const change = (name: string, fields: object): void =>
  writeFileSync(one.path(name), JSON.stringify({ ...one.document(name), ...fields }));

const take = (...more: string[]) =>
  one.run(["regenerate", "--client-id", one.id, "--rotation", "1", ...files("shared.json"), ...more]);

/** Ended with 6; nothing was changed, and the other client's secret still logs in. */
function expectKept({ code, stderr }: { code: number | null; stderr: string }, other: string): void {
  expect({ code, stderr }).toMatchObject({ code: 6, stderr: expect.stringContaining("ERR_STORE_FOREIGN") });
  expect(stderr).toContain(`holds the secret of another client, ${other}`);
  expect(stderr).toContain("Secret:    not changed");
  const { client_id, client_secret } = one.document("shared.json") as Record<string, string>;
  expect(client_id).toBe(other);
  expect(one.sandbox.accepts(other, client_secret as string)).toBe(true);
}

describe("a store that holds the secret of another client", () => {
  test.each([
    ["a run", []],
    ["a dry run", ["--dry-run"]],
    ["a rehearsal", ["--dry-run", "--rehearse"]],
  ])("which is valid, ends %s with 6 before the call, and names that client", async (_, flags) => {
    const other = await otherIn();
    const before = one.attempted();
    const result = await take(...flags);
    expectKept(result, other);
    expect(result.stderr).toContain("it is valid");
    expect(one.attempted()).toBe(before);
  });

  test("is taken over by the command that the message prints, as it is printed", async () => {
    const other = await otherIn();
    const { stderr } = await take("--verify", "here", "--then", '["true"]', "--json");
    const [, command = ""] = /Or, if that client's secret may be lost: (.*)$/m.exec(stderr) ?? [];
    for (const flag of [`--take-over ${other}`, "--verify here", "--then '[\"true\"]'", "--json"])
      expect(command).toContain(flag);
    const shell = `genesys-secret() { exec "$NODE" -- "$PROGRAM" "$@"; }; ${command}`;
    const env = { ...one.environment, PATH: process.env.PATH, NODE: process.execPath, PROGRAM };
    await promisify(execFile)("bash", ["-c", shell], { cwd: one.folder, env });
    expect(one.storeIsValid("shared.json")).toBe(true);
  });

  test("is taken over with SECRET_TAKE_OVER, and not where that names a third client", async () => {
    const other = await otherIn();
    const third = one.sandbox.addClient({ name: "third" }).id;
    const argv = ["regenerate", "--client-id", one.id, ...files("shared.json")];
    expectKept(await one.run(argv, { SECRET_TAKE_OVER: third }), other);
    expect(await one.run(argv, { SECRET_TAKE_OVER: `${third}, ${other}` })).toMatchObject({ code: 0 });
    expect(one.storeIsValid("shared.json")).toBe(true);
  });

  test("is used when that client is gone, and when its secret is invalid", async () => {
    await destroyClient(one.sandbox, await otherIn());
    expect(await take()).toMatchObject({ code: 0 });
    const other = await otherIn("elsewhere.json");
    change("shared.json", { client_id: other, client_secret: "invalid-since-long-ago" });
    expect(await take()).toMatchObject({ code: 0 });
    expect(one.storeIsValid("shared.json")).toBe(true);
  });

  test("of another region is left alone: nobody here knows whether it is valid", async () => {
    const other = await otherIn();
    change("shared.json", { region: "eu-central-1" });
    const result = await take();
    expectKept(result, other);
    expect(result.stderr).toContain("of the region");
  });

  test("that names no region is that of a client which this org knows, and is valid", async () => {
    const other = await otherIn();
    change("shared.json", { region: "" });
    const result = await take();
    expectKept(result, other);
    expect(result.stderr).toContain("it is valid");
  });

  test.each([
    ["is out of reach", { status: 503 }, []],
    ["denies this machine", { status: 400, body: { error: "access_denied" } }, []],
    ["is not to be asked from here", { status: 200 }, ["--verify", "elsewhere"]],
  ])("is left alone when the login service %s", async (_, fault, flags) => {
    const other = await otherIn();
    // The admin's own login comes first.
    one.sandbox.fault({ path: "/oauth/token", ...fault, skip: 1, times: Number.POSITIVE_INFINITY });
    const result = await take(...flags);
    expectKept(result, other);
    expect(result.stderr).toContain("whether it is valid is unknown");
  });

  test("without an owner is used for a client of the same name: one that replaced it", async () => {
    await otherIn("shared.json", "orders");
    expect(await take()).toMatchObject({ code: 0 });
    expect(one.storeIsValid("shared.json")).toBe(true);
  });

  test("of another stack is left alone, though its client has the same name", async () => {
    const other = await otherIn("shared.json", "orders", { SECRET_OWNER: OWNER });
    expectKept(await take(), other);
    const argv = ["regenerate", "--client-id", one.id, ...files("shared.json")];
    expectKept(await one.run(argv, { SECRET_OWNER: "terraform:prod:dev/orders" }), other);
  });

  test("is used by the construct that wrote it", async () => {
    await otherIn("shared.json", "billing", { SECRET_OWNER: OWNER });
    const argv = ["regenerate", "--client-id", one.id, ...files("shared.json")];
    expect(await one.run(argv, { SECRET_OWNER: OWNER })).toMatchObject({ code: 0 });
    expect(one.storeIsValid("shared.json")).toBe(true);
  });
});

describe("the owner in a document", () => {
  const owner = (): unknown => one.document("orders.json").owner;
  const refresh = (environment = {}) =>
    one.run(["regenerate", "--client-id", one.id, ...files("orders.json")], environment);

  test("is what the construct says, stays when a command line writes, and goes with its client", async () => {
    await refresh();
    expect(one.document("orders.json")).not.toHaveProperty("owner");
    await refresh({ SECRET_OWNER: OWNER });
    expect(owner()).toBe(OWNER);
    await refresh();
    expect(owner()).toBe(OWNER);
    const { id } = one.sandbox.addClient({ name: "billing" });
    const argv = ["regenerate", "--client-id", id, "--take-over", one.id, ...files("orders.json")];
    expect(await one.run(argv)).toMatchObject({ code: 0 });
    expect(one.document("orders.json")).not.toHaveProperty("owner");
  });

  test("of somebody else's making stays", async () => {
    await refresh();
    change("orders.json", { owner: "the payments team" });
    await refresh({ SECRET_OWNER: OWNER });
    expect(owner()).toBe("the payments team");
    await one.run(["remove", "--yes", "--client-id", one.id, ...files("orders.json")]);
    expect(one.document("orders.json")).toEqual({ owner: "the payments team" });
  });
});

describe("doctor --heal", () => {
  test("leaves a secret of another region, and replaces the one that --take-over names", async () => {
    const other = await otherIn();
    change("shared.json", { region: "eu-central-1" });
    await one.storeIn("orders.json");
    const stores = files("orders.json", "shared.json");
    const before = one.attempted();
    const sick = await one.run(["doctor", "--heal", "--client-id", one.id, ...stores]);
    expect(sick).toMatchObject({ code: 10, stdout: expect.stringContaining(`another client, ${other}`) });
    expect(one.document("shared.json").client_id).toBe(other);
    const healed = await one.run([
      "doctor",
      "--heal",
      "--client-id",
      one.id,
      "--take-over",
      other,
      ...stores,
    ]);
    expect(healed).toMatchObject({ code: 0 });
    expect(one.storeIsValid("shared.json")).toBe(true);
    expect(one.attempted()).toBe(before);
  });

  test("--rotate does not rotate into a store of another client", async () => {
    const other = await otherIn();
    const argv = ["doctor", "--heal", "--rotate", "--client-id", one.id, ...files("shared.json")];
    const before = one.attempted();
    expect(await one.run(argv)).toMatchObject({ code: 10 });
    expect(one.document("shared.json").client_id).toBe(other);
    expect(one.attempted()).toBe(before);
  });
});
