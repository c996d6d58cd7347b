import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { runProcess } from "../../../sandbox/run-process";
import { INSTALLED, type Shims, writeShims } from "../../docs/walk-through";

export const CI = join(__dirname, "../../../examples/ci");

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

/** A script of a CI job, and the variables that the template sets for it. */
export interface Script {
  readonly title: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Values of `${{ vars.NAME }}` and `${{ inputs.name }}`. */
type Values = Readonly<Record<string, string>>;

function filledIn(environment: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ (?:vars|inputs)\.([\w-]+) \}\}/g, (_, value) => values[value] ?? ""),
    ]),
  );
}

function scriptsOf(steps: readonly Step[], environment: Values, values: Values): Script[] {
  return steps.flatMap(({ name = "step", run, env = {} }) =>
    run === undefined
      ? []
      : [{ title: name, text: run, environment: filledIn({ ...environment, ...env }, values) }],
  );
}

/** What a GitHub workflow runs, job by job. */
export function workflowScripts(file: string, values: Values): Script[] {
  const { jobs, env = {} }: Workflow = parse(readFileSync(join(CI, file), "utf8"));
  return Object.values(jobs).flatMap(({ steps }) => scriptsOf(steps, env, values));
}

/** What a composite action runs. */
export function actionScripts(file: string, values: Values): Script[] {
  const { runs } = parse(readFileSync(join(CI, file), "utf8"));
  return scriptsOf(runs.steps, {}, values);
}

/** What a job of a GitLab pipeline runs; a line that fails ends it, as in GitLab. */
export function gitlabScript(file: string, job: string): Script {
  const pipeline = parse(readFileSync(join(CI, file), "utf8"));
  return { title: job, text: pipeline[job].script.join("\n"), environment: pipeline.variables };
}

/** Where a job runs, and what it finds there. */
export interface Runner {
  /** Its home, in which the shims are put. */
  readonly home: string;
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** @default INSTALLED */
  readonly shims?: Shims;
}

/** Runs scripts as a runner does: in bash, a failing line ends it. @returns what the job's log shows */
export async function runJob(
  scripts: readonly Script[],
  { home, cwd, environment, shims = INSTALLED }: Runner,
): Promise<string> {
  const bin = writeShims(home, shims);
  let log = "";
  for (const script of scripts) {
    const env = {
      HOME: home,
      CI: "true",
      ...environment,
      ...script.environment,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
    };
    const { code, output } = await runProcess("bash", ["-eo", "pipefail", "-c", script.text], { cwd, env });
    if (code !== 0) throw new Error(`"${script.title}" ended with ${code}:\n${output}`);
    log += output;
  }
  return log;
}
