import type { EngineTrialResult } from "./engine/engine-trial";
import type { Group } from "./matrix";
import type { TrialResult } from "./trial";

const WIDTH = 80;

const isHealed = ({ problems }: TrialResult): boolean => problems.length === 0;
const healedIn = (results: readonly TrialResult[]): number => results.filter(isHealed).length;

/** One target from one start: a line for each point, at most 80 columns, with what the kill left and how it ended. */
export function groupTable({ target, start, results, unsteady }: Group): string {
  const title = `${target.name}, ${startTitle(start)}: ${healedIn(results)} of ${results.length} healed by one rerun`;
  const leftOut = unsteady.map((place) => `  not in every healthy run, left out: ${place}`);
  return [title, ...results.flatMap(pointLines), ...leftOut].join("\n");
}

/** The counts of all groups, as a markdown table. */
export function markdownTable(groups: readonly Group[]): string {
  const rows = groups.map(({ target, start, results }) => {
    const left = (life: string): number => results.filter((result) => result.left === life).length;
    return `| ${target.name} | ${startTitle(start)} | ${results.length} | ${left("empty")} | ${left("alive")} | ${left("dead")} | ${healedIn(results)} |`;
  });
  return [
    "| store | at the start | points | left empty | left alive | left dead | healed by one rerun |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** One trial under an engine: who was killed, when, and what healed it. */
export function engineLines(result: EngineTrialResult): string {
  const { victim, place, struck, healedBy, problems } = result;
  const outcome = problems.length === 0 ? `healed by ${healedBy}` : "BROKEN";
  const beginning = `  ${victim.padEnd(10)} ${struck.name.padEnd(8)} `;
  const room = WIDTH - beginning.length - 1 - "healed by doctor".length;
  const line = `${beginning}${shortened(place, room).padEnd(room)} ${outcome}`;
  return [line, ...problems.map((problem) => `    ! ${problem}`)].join("\n");
}

/** The trials under an engine, counted by who was killed, as a markdown table. */
export function engineMarkdown(results: readonly EngineTrialResult[]): string {
  const rows = [...new Set(results.map(({ victim }) => victim))].map((victim) => {
    const own = results.filter((result) => result.victim === victim);
    const good = own.filter(({ problems }) => problems.length === 0);
    const by = (healer: string): number => good.filter(({ healedBy }) => healedBy === healer).length;
    return `| ${victim} | ${own.length} | ${by("apply")} | ${by("doctor")} |`;
  });
  return [
    "| killed | moments | healed by the next apply | by doctor --heal --rotate |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** How many points there are, and how many of them were healed. */
export function totalOf(groups: readonly Group[]): { points: number; healed: number } {
  const results = groups.flatMap((group) => group.results);
  return { points: results.length, healed: healedIn(results) };
}

function startTitle(start: Group["start"]): string {
  return start === "empty" ? "nothing stored" : "a secret stored";
}

function pointLines(result: TrialResult): string[] {
  const outcome = `${(result.left ?? "-").padEnd(6)} ${isHealed(result) ? "healed" : "BROKEN"}`;
  const room = WIDTH - 2 - 1 - outcome.length;
  const line = `  ${shortened(result.place, room).padEnd(room)} ${outcome}`;
  return [line, ...result.problems.map((problem) => `    ! ${problem}`)];
}

/** Cut in the middle: the beginning of a place says what is done, its end to what. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.ceil((most - 1) / 2);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`;
}
