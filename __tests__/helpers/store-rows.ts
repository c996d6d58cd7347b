import { testUnlessMissing } from "./engines";
import type { ProgramResult } from "./program";

/** Titles of tests that `npm run store-tables` makes tables of: their parts stand between bars. */
export const REFUSED = "a write that fails";
export const KEPT = "what others own";

/** A condition under which a store does not take the new secret. */
export interface Refusal {
  readonly store: string;
  readonly condition: string;
  /** What is there before the run. */
  readonly holds: "exists" | "new";
  /** @default 6 */
  readonly exit?: number;
  /** How many regenerate calls the org sees. @default 0 */
  readonly calls?: number;
}

/**
 * A test of a run that meets the condition, and a row of the table.
 * @param run arranges the condition, and runs `regenerate`
 * @param missing the tools that it needs and that are not there
 */
export function refusedWrite(
  { store, condition, holds, exit = 6, calls = 0 }: Refusal,
  run: () => Promise<{ readonly result: ProgramResult; readonly calls: number }>,
  missing?: string,
): void {
  const title = [REFUSED, store, condition, holds, `exit ${exit}`, `${calls} calls`].join(" | ");
  testUnlessMissing(missing, title, async () => {
    const { result, calls: made } = await run();
    expect({ code: result.code, calls: made, stderr: result.stderr }).toMatchObject({ code: exit, calls });
  });
}

/** A test that something of others survives a run as it was, and a row of the table. */
export function keptAttribute(
  store: string,
  attribute: string,
  work: () => Promise<unknown>,
  missing?: string,
): void {
  testUnlessMissing(missing, [KEPT, store, attribute].join(" | "), work);
}
