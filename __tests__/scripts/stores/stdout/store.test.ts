import { limits, oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { refusedWrite } from "../../../helpers/store-rows";

const one = oneClient({ environment: () => limits(1) });

const ARGUMENTS = (): string[] => ["regenerate", "--client-id", one.id, "--store", "stdout:"];

/** What all of its refusals leave: a secret that changed and that nobody has, until the next run. */
async function expectHealed(result: ProgramResult, words: string): Promise<void> {
  expect(result.stderr).toContain(words);
  expect(result.stderr).toContain("Secret:    changed");
  one.expectDiscreet({ stdout: "", stderr: result.stderr });
  const again = await one.run(ARGUMENTS());
  expect(again).toMatchObject({ code: 0, stdout: `${one.sandbox.liveSecret(one.id)}\n` });
}

refusedWrite(
  { store: "stdout", condition: "a pipe whose reader is gone", place: "new", exit: 8, calls: 1 },
  async () => {
    const { child, result } = one.start(ARGUMENTS());
    child.stdout?.destroy();
    const outcome = one.outcome(await result);
    await expectHealed(await result, "nobody reads standard output");
    return outcome;
  },
);

/** A shell that starts the program with its standard output led elsewhere. */
const led = (redirection: string): string[] => ["sh", "-c", `exec "$@" ${redirection}`, "sh"];

refusedWrite(
  { store: "stdout", condition: "a full disk behind it", place: "new", exit: 8, calls: 1 },
  async () => {
    const result = await one.regenerateBehind(led("> /dev/full"), "stdout:");
    const outcome = one.outcome(result);
    await expectHealed(result, "or it is full (ENOSPC)");
    return outcome;
  },
);

for (const [condition, redirection] of [
  ["standard output that is closed from the start", ">&-"],
  ["standard output that is thrown away (/dev/null)", "> /dev/null"],
] as const)
  refusedWrite({ store: "stdout", condition, place: "new" }, async () => {
    const result = await one.regenerateBehind(led(redirection), "stdout:");
    one.expectNotReady(result, "has nowhere to print to");
    expect(one.accepts(one.bornWith)).toBe(true);
    return one.outcome(result);
  });

refusedWrite({ store: "stdout", condition: "a run under Terraform", place: "new", exit: 2 }, async () => {
  const result = await one.regenerate("stdout:", { GENESYS_SECRET_UNDER_TERRAFORM: "1" });
  expect(result.stderr).toContain("Terraform prefixes each line");
  expect(result.stdout).toBe("");
  return one.outcome(result);
});
