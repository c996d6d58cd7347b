import type { Scheme } from "../../scripts/stores/schemes";
import { testUnlessMissing } from "./engines";

/** A condition under which a store does not take the new secret, or looked as if it would not. */
export interface Refusal {
  readonly store: Scheme;
  readonly condition: string;
  /** Whether the place that the store's URI names is there before the run. */
  readonly place: "exists" | "new";
  /** @default 6 */
  readonly exit?: number;
  /** How many regenerate calls the org sees. @default 0 */
  readonly calls?: number;
}

/** What a run under the condition came to, counted by the org. */
export interface Outcome {
  readonly code: number | null;
  readonly calls: number;
  readonly stderr: string;
}

/**
 * A test of a run under a condition, and a row of a table of docs/reliability.md, which is made of the tests' titles.
 * @param run arranges the condition, runs `regenerate`, and checks the rest: what is said, what is left
 * @param missing the tools that it needs and that are not there
 * @param cannotBe why this machine, or this user, cannot have the condition; the row stays
 */
export function refusedWrite(
  refusal: Refusal,
  run: () => Promise<Outcome>,
  missing?: string,
  cannotBe?: string,
): void {
  const { store, condition, place, exit = 6, calls = 0 } = refusal;
  const work = async (): Promise<void> => {
    const outcome = await run();
    expect({ ...outcome }).toMatchObject({ code: exit, calls });
  };
  testRow(titleOfRefusal({ store, condition, place, exit, calls }), work, missing, cannotBe);
}

/**
 * A test that a run keeps what others have set, and a row of the other table.
 * @param work arranges it, runs `regenerate`, and compares
 * @param missing the tools that it needs and that are not there
 * @param cannotBe why this machine, or this user, cannot have it; the row stays
 */
export function keptAttribute(
  store: Scheme,
  attribute: string,
  work: () => Promise<unknown>,
  missing?: string,
  cannotBe?: string,
): void {
  const title = `${store} keeps: ${attribute}`;
  testRow(title, work, missing, cannotBe);
}

function testRow(title: string, work: () => Promise<unknown>, missing?: string, cannotBe?: string): void {
  const skipped = test.skip;
  if (cannotBe === undefined) testUnlessMissing(missing, title, work);
  else skipped(`${title} [cannot be: ${cannotBe}]`, () => {});
}

const REFUSAL =
  /([a-z-]+), (exists|new): (.+): exit (\d+), (\d+) regenerate calls?(?: \[cannot be: [^\]]*\])?$/;
const KEPT = /([a-z-]+) keeps: (.+?)(?: \[cannot be: [^\]]*\])?$/;

/** Fits the titles of both kinds of rows, for jest. */
export const EVERY_ROW = `(${REFUSAL.source}|${KEPT.source})`;

function titleOfRefusal({ store, condition, place, exit, calls }: Required<Refusal>): string {
  return `${store}, ${place}: ${condition}: exit ${exit}, ${calls} regenerate ${calls === 1 ? "call" : "calls"}`;
}

/** The cells of a row of the table of refused writes; undefined when the title is not one. */
export function refusalIn(title: string): readonly string[] | undefined {
  const [, store = "", place = "", condition = "", exit = "", calls = ""] = REFUSAL.exec(title) ?? [];
  return store === "" ? undefined : [store, condition, place, exit, calls];
}

/** The cells of a row of the table of what is kept; undefined when the title is not one. */
export function keptIn(title: string): readonly string[] | undefined {
  const [, store = "", attribute = ""] = KEPT.exec(title) ?? [];
  return store === "" ? undefined : [store, attribute, "yes"];
}
