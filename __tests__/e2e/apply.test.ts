import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, delimiter, isAbsolute, join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";

/** A folder for a PATH on which nothing is found but the engine. */
function folderWithOnly(binary: string, parent: string): string {
  const folder = join(parent, "engine-only");
  const found = (process.env.PATH ?? "").split(delimiter).map((entry) => join(entry, binary));
  mkdirSync(folder);
  symlinkSync(
    [binary, ...found].filter(isAbsolute).find(existsSync) as string,
    join(folder, basename(binary)),
  );
  return folder;
}

describeWithEngine("the shipped app under the engine", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
    await deployment.synth("1");
    expect(await deployment.init()).toMatchObject({ code: 0 });
  });
  afterAll(() => deployment.close());

  test("creates the client, replaces the secret it was born with, and shows the progress", async () => {
    const { code, output } = await deployment.apply();
    expect(output).toContain("(local-exec): Read back and logged in: it works");
    expect(code).toBe(0);
    expect(deployment.regenerations()).toBe(1);
    expect(deployment.storeIsLive()).toBe(true);
    const { client_id } = deployment.project.storedDocument();
    const [bornWith] = deployment.sandbox.everySecretEver().filter(({ clientId }) => clientId === client_id);
    expect(deployment.sandbox.accepts(client_id, bornWith?.secret ?? "")).toBe(false);
  });

  test("keeps the state beside the project, not in cdktf.out", () => {
    expect(existsSync(join(deployment.project.folder, "terraform.dev.tfstate"))).toBe(true);
  });

  test("a second plan has nothing to do", async () => {
    expect(await deployment.engine(["plan", "-detailed-exitcode", "-input=false"])).toMatchObject({
      code: 0,
    });
  });

  test("-replace regenerates, once", async () => {
    const before = deployment.regenerations();
    const { output } = await deployment.engine(["state", "list"]);
    const resource = output.split("\n").find((line) => line.startsWith("null_resource.")) as string;
    const { code } = await deployment.engine([
      "apply",
      "-auto-approve",
      "-input=false",
      `-replace=${resource}`,
    ]);
    expect({ code, calls: deployment.regenerations() - before }).toEqual({ code: 0, calls: 1 });
    expect(deployment.storeIsLive()).toBe(true);
  });

  test("a new rotation version regenerates, once", async () => {
    const before = deployment.regenerations();
    await deployment.synth("2");
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect(deployment.regenerations() - before).toBe(1);
    expect(deployment.storeIsLive()).toBe(true);
  });

  test("a fault of the program fails the apply with its message, and the next apply heals", async () => {
    await deployment.synth("3");
    deployment.sandbox.fault({
      path: "/api/v2/oauth/clients/*/secret",
      status: 409,
      body: { message: "busy", contextId: "ctx-1" },
    });
    const failed = await deployment.apply();
    expect(failed.code).toBe(1);
    expect(failed.output).toContain("ERR_CLIENT_REFUSED");
    expect(failed.output).toContain("Secret:    not changed");
    expect(failed.output).toContain("ctx-1");
    expect(failed.output).toContain("exit status 5");
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect(deployment.storeIsLive()).toBe(true);
  });

  test("where Node.js is missing the apply fails with a line that says so", async () => {
    await deployment.synth("4");
    const before = deployment.regenerations();
    const failed = await deployment.engine(["apply", "-auto-approve", "-input=false", "-no-color"], {
      PATH: folderWithOnly(engine.binary, deployment.project.folder),
    });
    expect(failed.code).toBe(1);
    expect(failed.output).toContain("which needs Node.js 20 or newer on the PATH");
    expect(failed.output).toMatch(/node: (command )?not found/);
    expect(deployment.regenerations()).toBe(before);
    expect(await deployment.apply()).toMatchObject({ code: 0 });
  });

  test("destroys the client", async () => {
    const { client_id } = deployment.project.storedDocument();
    expect(await deployment.engine(["destroy", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
    expect(deployment.sandbox.client(client_id)).toBeUndefined();
  });

  test("and in all that, no secret and no token went to any file but the store", () => {
    const { leaks, expected } = leaksOf(deployment);
    expect(leaks).toEqual([]);
    // The sweep would have seen it: in the store it does.
    expect(expected).not.toEqual([]);
  });
});
