import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Moto, missingMoto } from "../../helpers/moto";
import { type Round, race } from "./round";
import { SCENARIOS, type Scenario } from "./scenario";

const PROGRAM = join(__dirname, "../../../dist/program/genesys-secret.cjs");

const HELP = `Lets runs race on one client, then logs in from each store.

  npm run torture:races -- [--two N] [--ten N] [--seed N] [--only TEXT]

--two   rounds of two runs, over all scenarios; default 200
--ten   rounds of ten runs; default 50
--seed  of the latencies; the processes race on their own; default 1
--only  scenarios whose title contains this`;

interface Row {
  readonly title: string;
  readonly runs: number;
  readonly rounds: Round[];
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      two: { type: "string", default: "200" },
      ten: { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!existsSync(PROGRAM)) throw new Error("there is no bundle: npm run build");
  const random = randomFrom(Number(values.seed));
  const wanted = SCENARIOS.filter(({ title }) => title.includes(values.only));
  const scenarios = wanted.filter(({ needsMoto }) => !needsMoto || missingMoto === undefined);
  for (const { title } of wanted.filter((one) => !scenarios.includes(one)))
    console.log(`Not raced: ${title} [missing: ${missingMoto}]`);
  const moto = scenarios.some(({ needsMoto }) => needsMoto) ? await Moto.start() : undefined;
  const rows: Row[] = [];
  try {
    await moto?.reset();
    for (const [runs, rounds] of [
      [2, Number(values.two)],
      [10, Number(values.ten)],
    ] as const)
      rows.push(...(await raceAll(scenarios, runs, rounds, random, moto)));
  } finally {
    await moto?.stop();
  }
  return print(rows);
}

async function raceAll(
  scenarios: readonly Scenario[],
  runs: number,
  rounds: number,
  random: () => number,
  moto: Moto | undefined,
): Promise<Row[]> {
  const rows = scenarios.map(({ title }): Row => ({ title, runs, rounds: [] }));
  for (let round = 0; round < rounds; round += 1) {
    const index = round % scenarios.length;
    rows[index]?.rounds.push(await race(scenarios[index] as Scenario, runs, random, moto));
  }
  return rows.filter(({ rounds: played }) => played.length > 0);
}

function print(rows: readonly Row[]): number {
  console.log(
    "| runs | stores | rounds | exit 0 | 6 | 8 | 9 | dead, and said so | overtaken later | violations |\n|---|---|---|---|---|---|---|---|---|---|",
  );
  let broken = 0;
  for (const { title, runs, rounds } of rows) {
    const codes = rounds.flatMap(({ codes: ended }) => ended);
    const counts = [0, 6, 8, 9].map((code) => codes.filter((one) => one === code).length);
    const violations = rounds.flatMap((round) => round.violations);
    const sum = (of: (round: Round) => number): number =>
      rounds.reduce((total, round) => total + of(round), 0);
    const cells = [
      runs,
      title,
      rounds.length,
      ...counts,
      sum(({ said }) => said),
      sum(({ overtaken }) => overtaken),
    ];
    console.log(`| ${[...cells, violations.length].join(" | ")} |`);
    broken += violations.length;
    for (const line of violations) console.error(`${title}: ${line}`);
  }
  const played = (runs: number): number =>
    rows.filter((row) => row.runs === runs).reduce((total, row) => total + row.rounds.length, 0);
  console.log(`${played(2)} rounds of two, ${played(10)} of ten: ${broken} violations`);
  return broken > 0 ? 1 : 0;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
