import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";

describeWithEngine("a deployed null_resource that becomes a terraform_data", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
    await synth("null_resource", "1");
    expect(await deployment.init()).toMatchObject({ code: 0 });
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect(deployment.regenerations()).toBe(1);
  });
  afterAll(() => deployment.close());

  /** What the engine said as it rotated. */
  const said: string[] = [];

  const synth = (runner: string, rotation: string): Promise<void> =>
    deployment.synthClients(
      `new SecureOAuthClient(stack, "orders", {
         name: "orders", runner: "${runner}", rotation: Rotation.version("${rotation}"), onDestroy: "remove",
         stores: [SecretStore.file("./secrets/orders.json")],
       });`,
    );
  const store = (): string => join(deployment.project.folder, "secrets", "orders.json");
  const stored = () => JSON.parse(readFileSync(store(), "utf8"));
  const providersInState = (): string => {
    const state = JSON.parse(
      readFileSync(join(deployment.project.folder, "terraform.dev.tfstate"), "utf8"),
    ) as { resources: { provider: string }[] };
    return state.resources.map(({ provider }) => provider).join("\n");
  };

  test("the plan replaces nothing, and the apply rotates nothing", async () => {
    const before = stored();
    await synth("terraform_data", "1");
    expect(await deployment.init()).toMatchObject({ code: 0 });
    const { output } = await deployment.engine(["plan", "-input=false", "-no-color", "-out=move.tfplan"]);
    expect(output).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
    expect(output).toMatch(/null_resource\.orders_regeneration_\w+ has moved to\s+terraform_data\./);
    expect(output).toMatch(/null_resource\.orders_removal_\w+ has moved to\s+terraform_data\./);
    expect(await deployment.engine(["apply", "-input=false", "move.tfplan"])).toMatchObject({ code: 0 });
    expect(deployment.regenerations()).toBe(1);
    expect(stored()).toEqual(before);
  });

  test("afterwards there is nothing to do, and the state has no null provider", async () => {
    expect(providersInState()).not.toContain("hashicorp/null");
    const plan = ["plan", "-detailed-exitcode", "-input=false"];
    expect(await deployment.engine(plan)).toMatchObject({ code: 0 });
  });

  test("a new rotation version rotates, once, and leaves the document in its place", async () => {
    await synth("terraform_data", "2");
    const { code, output } = await deployment.apply();
    expect(code).toBe(0);
    said.push(output);
    expect(deployment.regenerations()).toBe(2);
    const { client_id, client_secret } = stored();
    expect(deployment.sandbox.accepts(client_id, client_secret)).toBe(true);
  });

  test("-replace rotates, once", async () => {
    const { output } = await deployment.engine(["state", "list"]);
    const address = output.split("\n").find((line) => /^terraform_data\.orders_regeneration/.test(line));
    const apply = ["apply", "-auto-approve", "-input=false", `-replace=${address}`];
    const replaced = await deployment.engine(apply);
    expect(replaced.code).toBe(0);
    said.push(replaced.output);
    expect(deployment.regenerations()).toBe(3);
  });

  test("no secret and no token went to any file but the store, nor into what the engine said", () => {
    const { leaks, expected } = leaksOf(deployment, { texts: { "the engine's output": said.join("") } }, [
      store(),
    ]);
    expect(leaks).toEqual([]);
    expect(expected.length).toBeGreaterThan(0);
  });

  test("with the client goes its document", async () => {
    expect(await deployment.engine(["destroy", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
    expect(existsSync(store())).toBe(false);
  });
});
