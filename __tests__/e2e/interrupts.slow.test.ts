import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";
import { BLOWS, StruckDeployment } from "./struck-deployment";

describeWithEngine("whatever ends an apply, the next one heals", (engine) => {
  let struck: StruckDeployment;
  beforeAll(async () => {
    struck = await StruckDeployment.start(engine);
  });
  afterAll(() => struck?.deployment.close());

  test.each(BLOWS)("%s, at every point", async (_, signal) => {
    expect(struck.points.length).toBe(8);
    for (const point of struck.points) await struck.expectHealed(point, signal);
  });

  test("and in all that, no secret and no token went to any file but the store", () => {
    const { leaks, expected } = leaksOf(struck.deployment);
    expect(leaks).toEqual([]);
    expect(expected).not.toEqual([]);
  });
});
