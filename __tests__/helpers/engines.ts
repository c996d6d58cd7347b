import { spawnSync } from "node:child_process";
import { type Engine, findEngines } from "../../sandbox/engine";

export type { Engine };

/** Every engine on this machine. */
export const engines = findEngines();

/** What must be installed to see what processes are started with; undefined when it is. */
export const missingStrace =
  spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0 ? undefined : "strace";

/**
 * `describe` for what needs a tool. Without it the block is skipped, its title naming what is missing; under
 * `.ci/run` (REQUIRE_TOOLS=1) that skip is a failure instead.
 */
export function describeUnlessMissing(missing: string | undefined, title: string, block: () => void): void {
  if (missing === undefined) {
    describe(title, block);
    return;
  }
  if (process.env.REQUIRE_TOOLS === "1") {
    test(`${title} [missing: ${missing}]`, () => {
      throw new Error(`missing: ${missing}; REQUIRE_TOOLS=1 does not let it be skipped`);
    });
    return;
  }
  const skipped = describe.skip;
  skipped(`${title} [missing: ${missing}]`, block);
}

/** A block for each engine on this machine. */
export function describeWithEngine(title: string, block: (engine: Engine) => void): void {
  for (const engine of engines) describe(`${title} [${engine.name}]`, () => block(engine));
  if (engines.length > 0) return;
  const none: Engine = {
    name: "Terraform",
    binary: "terraform",
    version: "0",
    registryHost: "registry.terraform.io",
  };
  describeUnlessMissing("terraform or tofu on PATH", title, () => block(none));
}
