import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { describeWithEngine } from "../helpers/engines";

describeWithEngine("stores that come and go", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
  });
  afterAll(() => deployment.close());

  const path = (name: string): string => join(deployment.project.folder, "secrets", name);
  const document = (name: string): { client_id: string; client_secret: string } =>
    JSON.parse(readFileSync(path(name), "utf8"));
  const isLive = (name: string): boolean =>
    deployment.sandbox.accepts(document(name).client_id, document(name).client_secret);
  const synth = (stores: string[], rotation: string, more = ""): Promise<void> =>
    deployment.synthClients(
      `new SecureOAuthClient(stack, "orders", { name: "orders", rotation: Rotation.version("${rotation}"), ${more}
         stores: [${stores.map((name) => `SecretStore.file("./secrets/${name}")`).join(", ")}] });`,
    );
  /** Applies, and counts the regenerate calls of that. */
  const apply = async (...args: string[]): Promise<number> => {
    const before = deployment.regenerations();
    const { code, output } = await deployment.engine([
      "apply",
      "-auto-approve",
      "-input=false",
      "-no-color",
      ...args,
    ]);
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    return deployment.regenerations() - before;
  };

  test("begin with a deployed stack", async () => {
    await synth(["a.json"], "1");
    await deployment.init();
    expect(await apply()).toBe(1);
  });

  test("get a copy without a rotation when they are added", async () => {
    const secret = document("a.json").client_secret;
    await synth(["a.json", "b.json"], "1");
    expect(await apply()).toBe(0);
    expect([document("a.json").client_secret, document("b.json").client_secret]).toEqual([secret, secret]);
    expect(isLive("b.json")).toBe(true);
  });

  test("cost no rotation when they are taken off the list", async () => {
    await synth(["b.json"], "1");
    expect(await apply()).toBe(0);
    expect(isLive("b.json")).toBe(true);
  });

  test("-replace rotates, once", async () => {
    const { output } = await deployment.engine(["state", "list"]);
    const resource = output.split("\n").find((line) => line.startsWith("null_resource.")) as string;
    expect(await apply(`-replace=${resource}`)).toBe(1);
    expect(isLive("b.json")).toBe(true);
  });

  test("a new rotation version rotates, once, and runs what is to run afterwards without any secret", async () => {
    const then = path("then.json");
    const write = `require("node:fs").writeFileSync(${JSON.stringify(then)}, JSON.stringify(process.env))`;
    await synth(["b.json"], "2", `then: ["node", "-e", ${JSON.stringify(write)}],`);
    expect(await apply()).toBe(1);
    expect(isLive("b.json")).toBe(true);
    const environment = readFileSync(then, "utf8");
    for (const { secret } of deployment.sandbox.everySecretEver())
      expect(environment.includes(secret)).toBe(false);
  });

  test("onDestroy: remove leaves a rotation's document alone, and takes it away with the client", async () => {
    await synth(["b.json"], "3", `onDestroy: "remove",`);
    expect(await apply()).toBe(1);
    await synth(["b.json"], "4", `onDestroy: "remove",`);
    expect(await apply()).toBe(1);
    expect(isLive("b.json")).toBe(true);
    expect(await deployment.engine(["destroy", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
    expect(existsSync(path("b.json"))).toBe(false);
    // What was taken off the list before is nobody's: `genesys-secret doctor` names it.
    expect(existsSync(path("a.json"))).toBe(true);
  });
});
