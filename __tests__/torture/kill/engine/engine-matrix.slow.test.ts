import { describeUnlessMissing, describeWithEngine } from "../../../helpers/engines";
import type { Place, Victim } from "../recorded-program";
import { momentsOf } from "./engine-matrix";
import { type EngineTrial, recordFleet, strike } from "./engine-trial";
import { Fleet, type FleetClient } from "./fleet";

const AFTER_CALL = "answer to POST /api/v2/oauth/clients/ID/secret #1";

describeUnlessMissing(
  process.platform === "linux" ? undefined : "Linux",
  "three clients in one stack",
  () => {
    describeWithEngine("killed at different stages", (engine) => {
      let fleet: Fleet;
      let places: ReadonlyMap<FleetClient, readonly Place[]>;

      beforeAll(async () => {
        fleet = await Fleet.start(engine);
        places = await recordFleet(fleet);
      });
      afterAll(() => fleet?.close());

      const trial = (victim: Victim, client: number): EngineTrial => ({
        victim,
        place: AFTER_CALL,
        struck: fleet.clients[client] as FleetClient,
      });

      test("each store holds a secret that logs in, and each program was recorded", () => {
        expect(fleet.clients.map((client) => fleet.isDone(client))).toEqual([true, true, true]);
        for (const recorded of places.values()) expect(momentsOf(recorded)).toContain(AFTER_CALL);
      });

      test.each([
        ["program", 0],
        ["shell", 1],
      ] as const)("the %s: the next apply heals", async (victim, client) => {
        expect(await strike(fleet, trial(victim, client))).toMatchObject({ healedBy: "apply", problems: [] });
      });

      test("the engine: its programs finish, and the next apply goes on", async () => {
        expect(await strike(fleet, trial("engine", 2))).toMatchObject({ healedBy: "apply", problems: [] });
      });

      // Another client's end made the engine save its state, with this one's null_resource in it as if it were done.
      test("everything at once, when the engine has recorded too much: doctor finds it and heals", async () => {
        expect(await strike(fleet, trial("everything", 1))).toMatchObject({
          healedBy: "doctor",
          problems: [],
        });
      });
    });
  },
);
