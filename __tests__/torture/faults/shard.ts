import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { selfSigned } from "../../helpers/certificate";
import { SmallDisk } from "../disk";
import { play } from "./play";
import { type Schedule, schedules } from "./schedule";
import { Tally } from "./tally";

/**
 * One process that plays schedules one after another, on the clock that it was started with (clock.cjs).
 * Arguments, as JSON: {"speed", "epoch", "seed", "path", "count"}. Prints its tally as JSON on standard output, and a
 * failure as fast-check reports it on standard error; ends with 1 then.
 */
async function main(): Promise<void> {
  const { speed, epoch, seed, path, count } = JSON.parse(process.argv[2] as string);
  const folder = mkdtempSync(join(tmpdir(), "genesys-torture-ca-"));
  const props = { certificate: selfSigned(), stranger: selfSigned() };
  const authority = join(folder, "ca.pem");
  writeFileSync(authority, props.certificate.cert);
  const tally = new Tally();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  process.on("exit", () => SmallDisk.unmountAll());
  const fast = speed !== 1;
  const judge = async (schedule: Schedule): Promise<void> => {
    const played = await play(schedule, props, { speed, epoch, authority });
    tally.add(played);
    if (played.violations.length > 0)
      throw new Error([...played.violations, "", "The program printed:", played.printed].join("\n"));
  };
  try {
    await fc.assert(fc.asyncProperty(schedules({ fast, disk: SmallDisk.missing() === undefined }), judge), {
      seed,
      numRuns: count,
      ...(path === undefined ? {} : { path }),
    });
  } catch (error) {
    process.exitCode = 1;
    const { message, cause } = error as Error;
    console.error(message, "\n", (cause as Error | undefined)?.message ?? "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${JSON.stringify(tally)}\n`);
  }
}

void main();
