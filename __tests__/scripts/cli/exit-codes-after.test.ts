import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { limits, oneClient } from "../../helpers/one-client";
import { PROGRAM, type ProgramResult } from "../../helpers/program";
import { MODES } from "./exit-codes";

const SECRET_PATH = "/api/v2/oauth/clients/*/secret";

describe.each(MODES)("after the call regenerate, %s,", (_, extra) => {
  const one = oneClient({ environment: () => ({ ...limits(1), ...extra }) });
  const regenerate = (args: string[], environment: Record<string, string> = {}): Promise<ProgramResult> =>
    one.run(["regenerate", ...args], environment);

  describe("ends with 8 when", () => {
    test("a store fails; the message says who holds what, and running again heals", async () => {
      const result = await regenerate([...one.target, "--store", 'command:["node","-e","process.exit(1)"]']);
      expect(result).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("1 of 2 stores could not be written"),
      });
      expect(result.stderr).toContain("Secret:    changed");
      expect(result.stderr).toContain("file:./orders.json holds the new secret; read back, it logs in");
      expect(result.stderr).toContain(
        'command:["node","-e","process.exit(1)"] is NOT known to hold the new secret: it ended with exit code 1',
      );
      one.expectDiscreet(result);
      expect(one.accepts(one.stored())).toBe(true);
      expect((await regenerate([...one.target, "--store", 'command:["node","-e",""]'])).code).toBe(0);
    });

    test("the answer is lost again and again", async () => {
      one.sandbox.fault({ path: SECRET_PATH, times: Number.POSITIVE_INFINITY, drop: "after" });
      const result = await regenerate(one.target);
      expect(result).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("perhaps regenerated, but the answer was lost"),
      });
      expect(result.stderr).toContain("Secret:    perhaps changed");
      one.expectDiscreet(result);
      one.sandbox.clearFaults();
      expect((await regenerate(one.target)).code).toBe(0);
      expect(one.accepts(one.stored())).toBe(true);
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
      one.sandbox.fault({ path: SECRET_PATH, status: 200, body: body(one.id), afterEffect: true });
      const result = await regenerate(one.target);
      expect(result).toMatchObject({ code: 8, stderr: expect.stringContaining(message) });
      one.expectDiscreet(result);
    });

    test("the answer is a gateway's own, which has passed nothing on", async () => {
      one.sandbox.fault({ path: SECRET_PATH, status: 200, body: {} });
      const result = await regenerate(one.target);
      expect(result).toMatchObject({
        code: 8,
        stderr: expect.stringContaining("Secret:    perhaps changed"),
      });
      expect(one.accepts(one.bornWith)).toBe(true);
      one.expectDiscreet(result);
    });
  });

  test("regenerates again when the answer is lost once", async () => {
    one.sandbox.fault({ path: SECRET_PATH, drop: "after" });
    one.sandbox.fault({ path: SECRET_PATH, truncate: true });
    const result = await regenerate(one.target, { GENESYS_SECRET_RETRY_TIMEOUT: "120" });
    expect(result.code).toBe(0);
    one.expectDiscreet(result);
    expect(one.accepts(one.stored())).toBe(true);
  });

  test("ends with 9 when the login service lags beyond the limit", async () => {
    await one.reopen({ loginLagMs: 3_600_000 });
    const result = await regenerate(one.target);
    expect(result).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("stored, but it does not log in"),
    });
    expect(result.stderr).toContain("Secret:    changed");
    one.expectDiscreet(result);
    expect(one.stored()).toBe(one.sandbox.liveSecret(one.id));
  });

  test("waits for a login service that lags within the limit", async () => {
    await one.reopen({ loginLagMs: 1_500 });
    const result = await regenerate(one.target, { GENESYS_SECRET_VERIFY_TIMEOUT: "120" });
    expect(result.code).toBe(0);
    one.expectDiscreet(result);
  });
  test("ends with 1 for a damaged installation, without a stack trace", async () => {
    const copy = join(one.folder, "program");
    cpSync(dirname(PROGRAM), copy, { recursive: true });
    for (const name of readdirSync(copy)) if (name.startsWith("file-store")) rmSync(join(copy, name));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(copy, "genesys-secret.cjs"), "regenerate", ...one.target],
      {
        env: { PATH: process.env.PATH, ...one.sandbox.environment, ...extra },
        cwd: one.folder,
        encoding: "utf8",
      },
    );
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("ERR_MODULE_NOT_FOUND"),
    });
    expect(stderr).toContain("Secret:    not changed");
    one.expectDiscreet({ stdout, stderr });
    expect(one.accepted()).toBe(0);
  });
});

describe("the store stdout:", () => {
  const one = oneClient();

  test("prints the secret and a newline, and nothing else", async () => {
    const result = await one.run(["regenerate", "--client-name", "orders", "--store", "stdout:"]);
    expect(result).toMatchObject({ code: 0, stdout: `${one.sandbox.liveSecret(one.id)}\n` });
  });
});
