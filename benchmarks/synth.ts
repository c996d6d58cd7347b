import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, measure } from "./meter";
import { milliseconds, ratio, type Section, verdict } from "./section";

const ROUNDS = 11;
const COUNTS = [1, 100, 1000];
const APP = join(__dirname, "stacks/synth.cjs");

/** Synthesis, against the raw resources that a stack would hold without us. */
export async function benchmarkSynth(): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-bench-"));
  try {
    const commands = COUNTS.flatMap((count) =>
      ["secure", "raw"].map(
        (kind): Command => ({
          name: `${kind} ${count}`,
          argv: [process.execPath, APP, kind, String(count)],
          cwd: mkdtempSync(join(folder, "app-")),
        }),
      ),
    );
    const costs = await measure(commands, ROUNDS);
    const wall = (kind: string, count: number): number => costs[`${kind} ${count}`]?.wall as number;
    return {
      title: "Synthesis",
      setting:
        `Medians of ${ROUNDS} runs, in turns, of a whole \`node app\`: SecureOAuthClients, guarded against leaks, against as many ` +
        "`genesyscloud_oauth_client` and `null_resource` with a local-exec.",
      columns: ["ours", "raw resources", "ratio"],
      rows: COUNTS.map((count) => ({
        name: `${count} ${count === 1 ? "client" : "clients"}`,
        cells: [
          milliseconds(wall("secure", count)),
          milliseconds(wall("raw", count)),
          ratio(wall("secure", count) / wall("raw", count)),
        ],
        ratio: wall("secure", count) / wall("raw", count),
      })),
      verdicts: [
        verdict("1,000 clients to the raw resources", wall("secure", 1000) / wall("raw", 1000), 1.2),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
