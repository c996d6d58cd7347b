import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outsideTerraform, parseSchedule, type Schedule, slotAt } from "../../scripts/core/schedule";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";
import { runProgram } from "../helpers/program";

const SCHEDULE = parseSchedule("every 30 days from 2026-01-01T00:00:00Z") as Schedule;
const STORE = "./secrets/Terraform-Managed-CI-Client.json";

describeWithEngine("a client on a schedule, a literal in place of the engine's clock", (engine) => {
  let deployment: Deployment;
  let clock = "plantimestamp()";

  beforeAll(async () => {
    deployment = await Deployment.start(engine);
    await deployment.synthClients(`new SecureOAuthClient(stack, "ci", {
      name: "ci", stores: [SecretStore.file("${STORE}")],
      rotation: Rotation.every(Duration.days(30), { startingAt: "2026-01-01T01:00:00+01:00" }),
    });`);
    expect(await deployment.init()).toMatchObject({ code: 0 });
  });
  afterAll(() => deployment.close());

  function setClock(time: string): void {
    const path = join(deployment.project.stackFolder, "cdk.tf.json");
    const text = readFileSync(path, "utf8");
    const literal = JSON.stringify(JSON.stringify(time)).slice(1, -1);
    expect(text.split(clock)).toHaveLength(2);
    writeFileSync(path, text.replace(clock, literal));
    clock = literal;
  }

  const rotation = (): unknown => (deployment.project.storedDocument() as { rotation?: unknown }).rotation;
  const slotId = (time: string): string => slotAt(SCHEDULE, new Date(time)).id;
  const hasDiff = async (): Promise<boolean> => {
    const { code, output } = await deployment.engine(["plan", "-detailed-exitcode", "-input=false"]);
    if (code !== 0 && code !== 2) throw new Error(output);
    return code === 2;
  };

  /** Plans and applies at that time. */
  async function at(time: string): Promise<{ diff: boolean; regenerated: number; output: string }> {
    setClock(time);
    const diff = await hasDiff();
    const before = deployment.regenerations();
    const { code, output } = await deployment.apply();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(deployment.storeIsLive()).toBe(true);
    expect(await hasDiff()).toBe(false);
    return { diff, regenerated: deployment.regenerations() - before, output };
  }

  test.each<[string, string, boolean]>([
    ["made before the schedule starts", "2025-12-30T08:00:00Z", true],
    ["still before", "2025-12-31T23:59:59Z", false],
    ["the first second of slot 1", "2026-01-01T00:00:00Z", true],
    ["a minute later", "2026-01-01T00:01:00Z", false],
    ["its last second", "2026-01-30T23:59:59Z", false],
    ["the first second of slot 2", "2026-01-31T00:00:00Z", true],
    ["a month without a 30th later", "2026-02-28T23:59:59Z", false],
    ["more than a year later", "2027-05-05T05:05:05Z", true],
    ["the same day", "2027-05-05T23:05:05Z", false],
  ])("%s: the plan %s", async (_, time, rotates) => {
    expect(await at(time)).toMatchObject({ diff: rotates, regenerated: rotates ? 1 : 0 });
    expect(rotation()).toBe(slotId(time));
  });

  test("rotated outside Terraform: no diff in that slot; in the next one it is adopted, and -replace rotates", async () => {
    const rotateOutside = async (time: string): Promise<void> => {
      const { client_id } = deployment.project.storedDocument();
      const id = outsideTerraform(slotId(time), String(rotation()));
      const { sandbox, project } = deployment;
      const args = ["regenerate", "--client-id", client_id, "--store", `file:${STORE}`, "--rotation", id];
      expect(await runProgram(args, { ...sandbox.environment }, project.folder)).toMatchObject({ code: 0 });
    };
    await rotateOutside("2027-05-06T00:00:00Z");
    expect(await at("2027-05-06T00:00:00Z")).toMatchObject({ diff: false, regenerated: 0 });

    const next = "2027-06-20T00:00:00Z";
    await rotateOutside(next);
    expect(rotation()).toBe(`${slotId(next)} (outside Terraform)`);
    const adopted = await at(next);
    expect(adopted).toMatchObject({ diff: true, regenerated: 0 });
    expect(adopted.output).toContain("No rotation: this rotation was done outside Terraform");
    expect(rotation()).toBe(slotId(next));

    const { output } = await deployment.engine(["state", "list"]);
    const resource = output.split("\n").find((line) => line.startsWith("null_resource.")) as string;
    const before = deployment.regenerations();
    const args = ["apply", "-auto-approve", "-input=false", `-replace=${resource}`];
    expect(await deployment.engine(args)).toMatchObject({ code: 0 });
    expect(deployment.regenerations() - before).toBe(1);
  });

  test("and no secret and no token went to any file but the store", () => {
    const { leaks, expected } = leaksOf(deployment);
    expect(leaks).toEqual([]);
    expect(expected).not.toEqual([]);
  });
});
