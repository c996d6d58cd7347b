import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { Secret } from "../../../scripts/core/secret";
import { testUnlessMissing } from "../../helpers/engines";
import { findLeaks } from "../../helpers/leaks";
import { oneClient } from "../../helpers/one-client";
import { type ProgramResult, startProgram } from "../../helpers/program";

describe("the process that has the secret in its memory", () => {
  const one = oneClient({ environment: () => ({}) });

  /** Regenerates, and looks at the process when the new secret has come. @param look gets the pids: a switch of Node's makes it two */
  async function regenerate(
    environment: Record<string, string>,
    look: (pids: number[]) => void | Promise<void> = () => {},
  ): Promise<ProgramResult> {
    const args = ["regenerate", "--client-name", "orders", "--store", "file:./orders.json"];
    const { child, result } = startProgram(args, { ...one.sandbox.environment, ...environment }, one.folder);
    one.sandbox.onRequest(async ({ method, path }) => {
      // The login with what was stored; the answer to the irreversible call is in the program's memory by then.
      if (method === "POST" && path === "/oauth/token" && existsSync(join(one.folder, "orders.json")))
        await look([child.pid as number, ...childrenOf(child.pid as number)]);
    });
    return result;
  }

  test("a fault that a library throws in an event neither ends the run nor shows what it says", async () => {
    const preload = join(one.folder, "thrower.cjs");
    // Not before the program has begun: on a slow machine its modules take longer to load than the first 20 ms.
    const fault = `if (process.listenerCount("uncaughtException") > 0) throw new Error("s3cret of " + process.pid)`;
    writeFileSync(preload, `setInterval(() => { ${fault}; }, 20).unref();`);
    const program = join(__dirname, "../../../dist/program/genesys-secret.mjs");
    const args = ["regenerate", "--client-name", "orders", "--store", "file:./orders.json"];
    const ended = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        ["--require", preload, program, ...args],
        { cwd: one.folder, env: { PATH: process.env.PATH, ...one.sandbox.environment } },
        (error, _, stderr) => resolve({ code: error ? Number(error.code) : 0, stderr }),
      );
    });
    expect(ended.stderr).toMatch(/^genesys-secret: A defect of this program, which goes on: Error at /m);
    expect(ended.stderr).not.toContain("s3cret");
    expect(ended.stderr).toContain("Read back and logged in: it works");
    expect(ended.code).toBe(0);
    const { client_id, client_secret } = JSON.parse(readFileSync(join(one.folder, "orders.json"), "utf8"));
    expect(one.sandbox.accepts(client_id, client_secret)).toBe(true);
  });

  const missingLinux = process.platform === "linux" ? undefined : "Linux";

  testUnlessMissing(
    missingLinux,
    "a core dump would hold none of it, and SIGUSR1 opens no debugger",
    async () => {
      const filters: string[] = [];
      const { code, stderr } = await regenerate({}, async ([pid]) => {
        filters.push(readFileSync(`/proc/${pid}/coredump_filter`, "utf8").trim());
        process.kill(pid as number, "SIGUSR1");
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
      expect({ code, filters }).toEqual({ code: 0, filters: ["00000000"] });
      expect(stderr).not.toMatch(/debugger/i);
    },
  );

  testUnlessMissing(
    missingLinux,
    "switches of NODE_OPTIONS that open the memory or write keys and dumps do not reach it",
    async () => {
      const switches = [
        "--inspect=127.0.0.1:0",
        "--heapsnapshot-signal=SIGUSR2",
        "--report-on-signal",
        "--no-warnings",
      ];
      const options: (string | undefined)[] = [];
      const { code } = await regenerate(
        { NODE_OPTIONS: switches.join(" "), NODE_DEBUG: "http", NODE_DEBUG_NATIVE: "http" },
        (pids) => {
          const variables = readFileSync(`/proc/${pids.at(-1)}/environ`, "utf8").split("\0");
          options.push(...variables.filter((variable) => variable.startsWith("NODE_")));
        },
      );
      expect({ code, options }).toEqual({ code: 0, options: ["NODE_OPTIONS=--no-warnings"] });
      expect(readdirSync(one.folder)).toEqual(["orders.json"]);
    },
  );

  test("DEBUG of libraries prints no secret and no token", async () => {
    const { code, stdout, stderr } = await regenerate({ DEBUG: "*" });
    const secrets = [
      ...one.sandbox.everySecretEver().map(({ secret }) => secret),
      ...one.sandbox.everyTokenEver(),
    ];
    expect({ code, leaks: findLeaks(stdout + stderr, secrets) }).toEqual({ code: 0, leaks: [] });
  });
});

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

test.each([
  ["in a text", (secret: Secret) => `${secret}`],
  ["joined to one", (secret: Secret) => String(secret).concat("!")],
  ["as JSON", (secret: Secret) => JSON.stringify({ secret })],
  ["by console.log", (secret: Secret) => inspect({ deep: [secret] }, { showHidden: true, depth: 9 })],
  ["in an error", (secret: Secret) => inspect(new Error(`no ${secret}`, { cause: { secret } }))],
])("a secret does not print: %s", (_, print) => {
  expect(print(new Secret("hunter2-hunter2"))).toMatch(/^(?=.*\[secret\])(?!.*hunter2)/s);
});
