import { parseArgs } from "node:util";
import { engines } from "../../helpers/engines";
import { killUnderEngine } from "./engine/engine-matrix";
import type { EngineTrialResult } from "./engine/engine-trial";
import { killEverywhere } from "./matrix";
import { missingFor, targets } from "./stores";
import { stopMoto } from "./stores/on-moto";
import { engineLines, engineMarkdown, groupTable, markdownTable, totalOf } from "./table";

const HELP = `npm run torture:kill -- [flags]

Ends the bundle with SIGKILL at every place where a healthy run touches the world, runs it again, and logs in with
what the stores hold. Then the same under Terraform or OpenTofu, where the shell and the engine are killed, too.
Ends with 1 unless every place was reached and healed by one rerun.

  --store NAME   this store only; repeatable: ${targets.map(({ name }) => name).join(", ")}
  --no-engine    not under an engine
  --engine       under an engine only
  --jobs N       trials at the same time (6)
  --markdown     the counts as markdown tables, at the end`;

async function main(): Promise<number> {
  const { values: flags } = parseArgs({
    options: {
      store: { type: "string", multiple: true },
      engine: { type: "boolean", default: false },
      "no-engine": { type: "boolean", default: false },
      jobs: { type: "string", default: "6" },
      markdown: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) return say(HELP, 0);
  const unknown = flags.store?.find((name) => !targets.some((target) => target.name === name));
  if (unknown !== undefined) return say(`There is no store "${unknown}".\n\n${HELP}`, 2);
  const jobs = Number(flags.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    return say(`--jobs must be a whole number of at least 1, got ${flags.jobs}.`, 2);

  const chosen = flags.store ? targets.filter(({ name }) => flags.store?.includes(name)) : targets;
  const stores = flags.engine ? [] : chosen;
  const able = stores.filter((target) => missingFor(target) === undefined);
  for (const target of stores.filter((one) => !able.includes(one)))
    console.log(`Skipped: ${target.name} [missing: ${missingFor(target)}]\n`);
  const groups = await killEverywhere(able, jobs, (group) => console.log(`${groupTable(group)}\n`));
  await stopMoto();
  const underEngine = flags["no-engine"] || flags.store ? [] : await allEngines();

  if (flags.markdown) {
    if (groups.length > 0) console.log(`${markdownTable(groups)}\n`);
    if (underEngine.length > 0) console.log(`${engineMarkdown(underEngine)}\n`);
  }
  const { points, healed } = totalOf(groups);
  const healedUnderEngine = underEngine.filter(({ problems }) => problems.length === 0).length;
  if (groups.length > 0) console.log(`${healed} of ${points} healed by one rerun`);
  if (underEngine.length > 0)
    console.log(`${healedUnderEngine} of ${underEngine.length} healed under an engine`);
  return healed === points && healedUnderEngine === underEngine.length ? 0 : 1;
}

async function allEngines(): Promise<readonly EngineTrialResult[]> {
  if (process.platform !== "linux") {
    console.log("Skipped: under an engine [missing: Linux, whose /proc names the shell's parent]\n");
    return [];
  }
  if (engines.length === 0) console.log("Skipped: under an engine [missing: terraform or tofu on PATH]\n");
  const results: EngineTrialResult[] = [];
  for (const engine of engines) {
    console.log(
      `Under ${engine.name} ${engine.version}, three clients at different stages; killed, struck, when:`,
    );
    results.push(...(await killUnderEngine(engine, (result) => console.log(engineLines(result)))));
    console.log();
  }
  return results;
}

function say(text: string, code: number): number {
  console.log(text);
  return code;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
