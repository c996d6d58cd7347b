import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { oneClient } from "../../helpers/one-client";
import { PROGRAM } from "../../helpers/program";

/** Words that stand in the code of each SDK, and nowhere in ours. */
const SDKS =
  /SecretsManagerClient|PutSecretValueCommand|AzureCliCredential|octokit|libsodium|SelfSubjectAccessReview/;

const one = oneClient();

test("regenerate into the store file: loads the code of no other store", async () => {
  // Every module of a copy of the bundle notes that it was loaded.
  const copy = one.path("program");
  cpSync(dirname(PROGRAM), copy, { recursive: true });
  const modules = readdirSync(copy).filter((name) => name.endsWith(".mjs"));
  for (const name of modules) {
    const code = readFileSync(join(copy, name), "utf8");
    writeFileSync(
      join(copy, name),
      `${code}\n(globalThis.process.loaded??=[]).push(${JSON.stringify(name)});`,
    );
  }
  const entry = join(copy, "genesys-secret.mjs");
  writeFileSync(
    entry,
    `${readFileSync(entry, "utf8")}\n` +
      `import{writeFileSync as __write}from"node:fs";process.on("exit",()=>__write("loaded.json",JSON.stringify(process.loaded)));`,
  );
  const args = ["regenerate", ...one.target];
  const child = spawn(process.execPath, [join(copy, "genesys-secret.cjs"), ...args], {
    cwd: one.folder,
    env: { PATH: process.env.PATH, ...one.sandbox.environment },
    stdio: "ignore",
  });
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);

  const loaded: string[] = JSON.parse(readFileSync(one.path("loaded.json"), "utf8"));
  expect(loaded.some((name) => name.startsWith("file-store"))).toBe(true);
  expect(loaded.filter((name) => SDKS.test(readFileSync(join(dirname(PROGRAM), name), "utf8")))).toEqual([]);
  // The words are there to be found: other modules hold them.
  expect(modules.filter((name) => SDKS.test(readFileSync(join(dirname(PROGRAM), name), "utf8")))).not.toEqual(
    [],
  );
  const bytes = loaded.reduce((sum, name) => sum + statSync(join(dirname(PROGRAM), name)).size, 0);
  expect(bytes).toBeLessThan(400_000);
  // Each file costs a millisecond: what is always needed comes in one.
  expect(loaded.length).toBeLessThan(10);
});
