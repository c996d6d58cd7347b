import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findLeaks } from "../../helpers/leaks";
import { PROGRAM, type ProgramResult, runProgram } from "../../helpers/program";
import {
  accepted,
  bornWith,
  expectDiscreet,
  folder,
  id,
  MODES,
  regenerate as regenerateWith,
  sandbox,
  start,
  stored,
  target,
} from "../../helpers/regeneration";

const SECRET_PATH = "/api/v2/oauth/clients/*/secret";

describe.each(MODES)("after the call: exit codes of regenerate, %s", (_, extra) => {
  const regenerate = (args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> =>
    regenerateWith(args, { ...extra, ...environment });

  describe("8", () => {
    test("a store fails after the call; the message says who holds what, and running again heals", async () => {
      await start();
      const result = await regenerate([...target(), "--store", 'command:["node","-e","process.exit(1)"]']);
      expect(result).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("1 of 2 stores could not be written"),
      });
      expect(result.stderr).toContain("Secret:    changed");
      expect(result.stderr).toContain("file:./orders.json holds the new secret; read back, it logs in");
      expect(result.stderr).toContain(
        'command:["node","-e","process.exit(1)"] is NOT known to hold the new secret: it ended with exit code 1',
      );
      expectDiscreet(result);
      expect(sandbox.accepts(id, stored())).toBe(true);
      expect((await regenerate([...target(), "--store", 'command:["node","-e",""]'])).code).toBe(0);
    });

    test("the answer is lost again and again", async () => {
      await start();
      sandbox.fault({ path: SECRET_PATH, times: Number.POSITIVE_INFINITY, drop: "after" });
      const result = await regenerate(target());
      expect(result).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("perhaps regenerated, but the answer was lost"),
      });
      expect(result.stderr).toContain("Secret:    perhaps changed");
      expectDiscreet(result);
      sandbox.clearFaults();
      expect((await regenerate(target())).code).toBe(0);
      expect(sandbox.accepts(id, stored())).toBe(true);
    });

    test.each([
      ["no secret", (client: string) => ({ id: client }), "it holds no usable secret"],
      ["an empty secret", (client: string) => ({ id: client, secret: "" }), "it holds no usable secret"],
      [
        "another client's id",
        () => ({ id: "other", secret: "abcdefghijklmnop" }),
        "it is about the client other",
      ],
    ])("the answer has %s", async (_title, body, message) => {
      await start();
      sandbox.fault({ path: SECRET_PATH, status: 200, body: body(id), afterEffect: true });
      const result = await regenerate(target());
      expect(result).toMatchObject({ code: 8, stderr: expect.stringContaining(message) });
      expectDiscreet(result);
    });

    test("the answer is a gateway's own, which has passed nothing on", async () => {
      await start();
      sandbox.fault({ path: SECRET_PATH, status: 200, body: {} });
      const result = await regenerate(target());
      expect(result).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("Secret:    perhaps changed"),
      });
      expect(sandbox.accepts(id, bornWith)).toBe(true);
      expectDiscreet(result);
    });
  });

  test("an answer that is lost once is healed by regenerating again", async () => {
    await start();
    sandbox.fault({ path: SECRET_PATH, drop: "after" });
    sandbox.fault({ path: SECRET_PATH, truncate: true });
    const result = await regenerate(target(), { GENESYS_SECRET_RETRY_TIMEOUT: "120" });
    expect(result.code).toBe(0);
    expectDiscreet(result);
    expect(sandbox.accepts(id, stored())).toBe(true);
  });

  test("9: the login service lags beyond the limit", async () => {
    await start({ loginLagMs: 3_600_000 });
    const result = await regenerate(target());
    expect(result).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("stored, but it does not log in"),
    });
    expect(result.stderr).toContain("Secret:    changed");
    expectDiscreet(result);
    expect(stored()).toBe(sandbox.liveSecret(id));
  });

  test("a login service that lags within the limit is waited for", async () => {
    await start({ loginLagMs: 1_500 });
    const result = await regenerate(target(), { GENESYS_SECRET_VERIFY_TIMEOUT: "120" });
    expect(result.code).toBe(0);
    expectDiscreet(result);
  });
  test("1: a damaged installation, said without a stack trace", async () => {
    await start();
    const copy = join(folder, "program");
    cpSync(dirname(PROGRAM), copy, { recursive: true });
    for (const name of readdirSync(copy)) if (name.startsWith("file-store")) rmSync(join(copy, name));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(copy, "genesys-secret.cjs"), "regenerate", ...target()],
      {
        env: { PATH: process.env.PATH, ...sandbox.environment, ...extra },
        cwd: folder,
        encoding: "utf8",
      },
    );
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("ERR_MODULE_NOT_FOUND"),
    });
    expect(stderr).toContain("Secret:    not changed");
    expectDiscreet({ code: status, signal: null, stdout, stderr });
    expect(accepted()).toBe(0);
  });
});

test("stdout: prints the secret and a newline, and nothing else", async () => {
  await start();
  const result = await runProgram(["regenerate", "--client-name", "orders", "--store", "stdout:"], {
    ...sandbox.environment,
  });
  expect(result.code).toBe(0);
  expect(result.stdout).toBe(`${sandbox.liveSecret(id)}\n`);
  expect(findLeaks(result.stderr, [sandbox.liveSecret(id)])).toEqual([]);
});
