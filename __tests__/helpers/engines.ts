import { type Engine, findEngines } from "../../sandbox/engine";
import { missingTools } from "./tools";

export type { Engine };

/** Every engine on this machine. */
export const engines = findEngines();

/** What must be installed to see what processes are started with; undefined when it is. */
export const missingStrace = missingTools("strace");

/**
 * `describe` for what needs a tool. Without it one test is skipped in the block's place, its title naming what is
 * missing; under `.ci/run` (REQUIRE_TOOLS=1) that test fails instead. The block is not entered: it may use the tool.
 */
export function describeUnlessMissing(missing: string | undefined, title: string, block: () => void): void {
  if (missing === undefined) {
    describe(title, block);
    return;
  }
  const placeholder = process.env.REQUIRE_TOOLS === "1" ? test : test.skip;
  placeholder(`${title} [missing: ${missing}]`, () => {
    throw new Error(`missing: ${missing}; REQUIRE_TOOLS=1 does not let it be skipped`);
  });
}

/** `test` for what needs a tool, in the same way. */
export function testUnlessMissing(missing: string | undefined, title: string, body: () => unknown): void {
  if (missing === undefined) test(title, async () => void (await body()));
  else describeUnlessMissing(missing, title, () => {});
}

/** A block for each engine on this machine. */
export function describeWithEngine(title: string, block: (engine: Engine) => void): void {
  for (const engine of engines) describe(`${title} [${engine.name}]`, () => block(engine));
  if (engines.length === 0) describeUnlessMissing("terraform or tofu on PATH", title, () => {});
}
