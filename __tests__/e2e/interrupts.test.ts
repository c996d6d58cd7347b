import type { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";
import { type Point, StruckDeployment } from "./struck-deployment";

/** One point of each phase; interrupts.slow.test.ts strikes at every point, with each signal. */
const PHASES: readonly [string, (struck: StruckDeployment) => Point | undefined][] = [
  ["when it begins", ({ points }) => points[0]],
  ["when the regenerate call has been answered", ({ critical }) => critical],
  ["when it gives its tokens back", ({ points }) => points.at(-1)],
];

describeWithEngine("whatever ends an apply, the next one heals", (engine) => {
  let struck: StruckDeployment;
  let deployment: Deployment;
  beforeAll(async () => {
    struck = await StruckDeployment.start(engine);
    ({ deployment } = struck);
  });
  afterAll(() => struck?.deployment.close());

  test("a healthy run has its requests: sign in, find, look for credentials, regenerate, log in, revoke two tokens", () => {
    expect(struck.points.length).toBe(8);
  });

  test.each(PHASES)("SIGKILL of the program %s", (_, choose) =>
    struck.expectHealed(choose(struck) as Point, "SIGKILL"),
  );

  test("Terraform ending the shell at once does not end the program in the critical section", async () => {
    await struck.rotate();
    const before = deployment.regenerations();
    // A SIGINT to the engine alone: it kills the shell that it started, and nobody tells the program.
    await struck.applyAndStrike(struck.critical, (enginePid) => process.kill(enginePid, "SIGINT"));
    expect(deployment.regenerations() - before).toBe(1);
    expect(deployment.storeIsLive()).toBe(true);
    expect(await deployment.apply()).toMatchObject({ code: 0 });
  });

  test("and in all that, no secret and no token went to any file but the store", () => {
    const { leaks, expected } = leaksOf(deployment);
    expect(leaks).toEqual([]);
    expect(expected).not.toEqual([]);
  });
});
