import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngines } from "../../sandbox/engine";
import { startSandbox } from "../../sandbox/org";
import { startStandInProviders } from "../../sandbox/providers";
import { median } from "./meter";
import { ratio, type Section } from "./section";

const ROUNDS = 10;
const CLIENTS = 100;
const APP = join(__dirname, "stacks/synth.cjs");

/** `terraform apply` of a hundred clients, against the raw resources with a local-exec that does nothing. */
export async function benchmarkApply(): Promise<Section | undefined> {
  const [engine] = findEngines();
  if (!engine) return undefined;
  const seconds: Record<string, number[]> = { secure: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ["secure", "bare"]) {
      const folder = mkdtempSync(join(tmpdir(), "genesys-secret-bench-"));
      const sandbox = await startSandbox();
      const environment = { ...process.env, CHECKPOINT_DISABLE: "1", ...sandbox.environment };
      const providers = await startStandInProviders({ environment, registryHost: engine.registryHost });
      try {
        execFileSync(process.execPath, [APP, kind, String(CLIENTS)], { cwd: folder });
        const cwd = join(folder, "cdktf.out/stacks/bench");
        const env = { ...environment, TF_REATTACH_PROVIDERS: providers.reattach };
        await run(engine.binary, ["init", "-input=false"], cwd, env);
        const begin = performance.now();
        await run(engine.binary, ["apply", "-auto-approve", "-input=false"], cwd, env);
        seconds[kind]?.push((performance.now() - begin) / 1000);
      } finally {
        await providers.close();
        await sandbox.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  const [ours, raw] = [median(seconds.secure as number[]), median(seconds.bare as number[])];
  return {
    title: `Apply of ${CLIENTS} clients`,
    setting:
      `Medians of ${ROUNDS} applies, in turns, with ${engine.name} ${engine.version}, its usual parallelism of 10 and stand-in providers, on ` +
      "the sandbox. The difference is what a process a client costs: start, five requests, a verified secret.",
    columns: ["wall", "a client more than raw", "ratio"],
    rows: [
      {
        name: "SecureOAuthClient",
        cells: [
          `${ours.toFixed(1)} s`,
          `${((1000 * (ours - raw)) / CLIENTS).toFixed(0)} ms`,
          ratio(ours / raw),
        ],
        ratio: ours / raw,
      },
      {
        name: "raw resources, `local-exec` of `true`",
        cells: [`${raw.toFixed(1)} s`, "0 ms", "1.00"],
        ratio: 1,
      },
    ],
    verdicts: [],
  };
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]}: ${code}\n${said}`)),
    );
  });
}
