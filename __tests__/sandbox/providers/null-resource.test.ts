import { readFileSync } from "node:fs";
import { type StandInProviders, startStandInProviders } from "../../../sandbox/providers";
import { describeWithEngine } from "../../helpers/engines";
import { registryHost, Workspace } from "./workspace";

describeWithEngine("null_resource", (engine) => {
  let providers: StandInProviders;
  let workspace: Workspace;

  beforeEach(async () => {
    providers = await startStandInProviders({ environment: {}, registryHost: registryHost(engine) });
    workspace = new Workspace(engine, providers.reattach);
  });

  afterEach(async () => {
    workspace.remove();
    await providers.close();
  });

  const write = (triggers: Record<string, string> | undefined, command = "echo ran >> runs.txt") =>
    workspace.write({
      resource: { null_resource: { it: { triggers, provisioner: [{ "local-exec": { command } }] } } },
    });
  const id = () => workspace.attributes("null_resource", "it")?.id;
  const runs = () => readFileSync(workspace.path("runs.txt"), "utf8").split("\n").length - 1;

  test("lives: created, unchanged, replaced with its triggers, destroyed", async () => {
    write({ version: "1" });
    expect((await workspace.apply()).output).toContain("1 added, 0 changed, 0 destroyed");
    const first = id();
    expect(first).toMatch(/^\d+$/);
    expect(runs()).toBe(1);
    expect(await workspace.planned()).toBe(0);

    write({ version: "2" });
    expect((await workspace.apply()).output).toContain("1 added, 0 changed, 1 destroyed");
    expect(id()).not.toBe(first);
    expect(runs()).toBe(2);
    expect(await workspace.planned()).toBe(0);

    expect((await workspace.destroy()).output).toContain("1 destroyed");
    expect(id()).toBeUndefined();
  });

  test("needs no triggers", async () => {
    write(undefined);
    await workspace.apply();
    expect(workspace.attributes("null_resource", "it")?.triggers).toBeNull();
    expect(await workspace.planned()).toBe(0);
  });

  test("a provisioner that fails taints it: the next apply runs it again", async () => {
    write({ version: "1" }, "exit 3");
    await workspace.run("init");
    expect((await workspace.run("apply", "-auto-approve")).code).toBe(1);
    expect(workspace.status("null_resource", "it")).toBe("tainted");

    write({ version: "1" });
    await workspace.apply();
    expect(workspace.status("null_resource", "it")).toBeUndefined();
    expect(runs()).toBe(1);
  });

  test("a hundred of them are applied at once", async () => {
    workspace.write({ resource: { null_resource: { many: { count: 100 } } } });
    expect((await workspace.apply()).output).toContain("100 added");
  });
});
