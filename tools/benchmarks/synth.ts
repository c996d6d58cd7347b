import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, measure } from "./meter";
import { milliseconds, ratio, type Section, verdict } from "./section";

const ROUNDS = 11;
const MOST = 1000;
const COUNTS = [1, 100, MOST];
const KINDS = ["secure", "raw"];
/** The app is named on the command line; one has to stand here, too. */
const PROJECT =
  '{ "language": "typescript", "app": "true", "projectId": "bench", "sendCrashReports": "false" }';
const CDKTF = join(__dirname, "../../node_modules/cdktf-cli/bundle/bin/cdktf");
const APP = join(__dirname, "stacks/synth.cjs");

/** Synthesis, against the raw resources that a stack would hold without us. */
export async function benchmarkSynth(): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-bench-"));
  try {
    const app = (kind: string, count: number): string[] => [process.execPath, APP, kind, String(count)];
    const project = (): string => {
      const cwd = mkdtempSync(join(folder, "app-"));
      writeFileSync(join(cwd, "cdktf.json"), PROJECT);
      return cwd;
    };
    const commands = KINDS.flatMap((kind): Command[] => [
      ...COUNTS.map((count) => ({ name: `${kind} ${count}`, argv: app(kind, count), cwd: project() })),
      {
        name: `${kind} cdktf synth`,
        argv: [process.execPath, CDKTF, "synth", "--app", app(kind, MOST).join(" ")],
        cwd: project(),
        env: { CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1" },
      },
    ]);
    const costs = await measure(commands, ROUNDS);
    const wall = (kind: string, what: string): number => costs[`${kind} ${what}`]?.wall as number;
    const row = (name: string, what: string) => ({
      name,
      cells: [
        milliseconds(wall("secure", what)),
        milliseconds(wall("raw", what)),
        ratio(wall("secure", what) / wall("raw", what)),
      ],
      ratio: wall("secure", what) / wall("raw", what),
    });
    return {
      title: "Synthesis",
      setting:
        `Medians of ${ROUNDS} runs, in turns: SecureOAuthClients, guarded against leaks, against the two resources that each becomes, ` +
        "`genesyscloud_oauth_client` and `null_resource` with its local-exec, written out by hand. First the app alone, `node app.js`; " +
        "then what is waited for, `cdktf synth`.",
      columns: ["ours", "raw resources", "ratio"],
      rows: [
        ...COUNTS.map((count) => row(`app: ${count} ${count === 1 ? "client" : "clients"}`, String(count))),
        row(`cdktf synth: ${MOST} clients`, "cdktf synth"),
      ],
      verdicts: [
        verdict(
          "`cdktf synth` of 1,000 clients to the raw resources",
          wall("secure", "cdktf synth") / wall("raw", "cdktf synth"),
          1.2,
        ),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
