import type { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";
import { BLOWS, StruckDeployment } from "./struck-deployment";

describeWithEngine("whatever ends an apply, the next one heals", (engine) => {
  let struck: StruckDeployment;
  let deployment: Deployment;
  beforeAll(async () => {
    struck = await StruckDeployment.start(engine);
    ({ deployment } = struck);
  });
  afterAll(() => struck?.deployment.close());

  test.each(BLOWS)("%s, at every point", async (_, signal) => {
    expect(struck.points.length).toBe(8);
    for (const point of struck.points) await struck.expectHealed(point, signal);
  });

  test("Terraform ending the shell at once does not end the program in the critical section", async () => {
    await struck.rotate();
    const before = deployment.regenerations();
    // A SIGINT to the engine alone: it kills the shell that it started, and nobody tells the program.
    await struck.applyAndStrike(struck.critical, (enginePid) => process.kill(enginePid, "SIGINT"));
    expect(deployment.regenerations() - before).toBe(1);
    expect(deployment.storeIsLive()).toBe(true);
    expect(await deployment.apply()).toMatchObject({ code: 0 });
  });

  test.each([
    ["Ctrl-C twice, which makes the engine leave at once", ["SIGINT", "SIGINT"]],
    ["the terminal goes away: SIGHUP to all", ["SIGHUP"]],
  ] as const)(
    "%s, in the critical section: the program finishes, and the next apply is a healthy one",
    async (_, signals) => {
      await struck.rotate();
      const before = deployment.regenerations();
      await struck.applyAndStrike(struck.critical, (enginePid) => {
        for (const [nth, signal] of signals.entries())
          setTimeout(() => {
            try {
              process.kill(-enginePid, signal);
            } catch {
              // All of them have ended by now.
            }
          }, nth * 60);
      });
      expect(deployment.regenerations() - before).toBe(1);
      expect(deployment.storeIsLive()).toBe(true);
      expect(await deployment.apply()).toMatchObject({ code: 0 });
      expect(deployment.storeIsLive()).toBe(true);
    },
  );

  test("and in all that, no secret and no token went to any file but the store", () => {
    const { leaks, expected } = leaksOf(deployment);
    expect(leaks).toEqual([]);
    expect(expected).not.toEqual([]);
  });
});
