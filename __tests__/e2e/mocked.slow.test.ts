import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { describeWithEngine } from "../helpers/engines";

const BOTH = 'mock_provider "genesyscloud" {}\nmock_provider "null" {}\n';
const RUN = 'run "test" {\n  command = apply\n}\n';

describeWithEngine("terraform test with mocked providers", (engine) => {
  let deployment: Deployment;
  let legacy: { id: string; secret: string };
  beforeEach(async () => {
    deployment = await Deployment.start(engine);
    legacy = deployment.sandbox.addClient({ name: "legacy" });
  });
  afterEach(() => deployment?.close());

  /** Synthesizes clients, and runs a test of the engine's own on them. */
  async function engineTest(clients: string, test: string) {
    await deployment.synthClients(clients);
    expect(await deployment.init()).toMatchObject({ code: 0 });
    writeFileSync(join(deployment.project.stackFolder, "mocked.tftest.hcl"), test);
    const before = deployment.sandbox.journal.length;
    const result = await deployment.engine(["test", "-no-color"]);
    return { ...result, calls: deployment.sandbox.journal.slice(before).map(({ path }) => path) };
  }

  const imported = (more = ""): string =>
    `SecureOAuthClient.fromClientId(stack, "legacy", {
       clientId: "${legacy.id}", rotation: Rotation.version("2"), onDestroy: "remove",
       stores: [SecretStore.file("./secrets/legacy.json")], ${more}
     });`;

  /** What a run before has stored: the teardown of the test must leave it. */
  const store = (): string => join(deployment.project.folder, "secrets", "legacy.json");

  test("makes no call at all for a real client with a new rotation id, and leaves its document", async () => {
    await deployment.synthClients(imported().replace('"2"', '"1"'));
    expect(await deployment.init()).toMatchObject({ code: 0 });
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    const before = readFileSync(store(), "utf8");
    const { code, output, calls } = await engineTest(imported(), BOTH + RUN);
    expect(calls).toEqual([]);
    expect(output).toContain("ERR_MOCKED_RESOURCE");
    expect(output).toContain("set `command = plan` in the test's run block");
    expect(code).toBe(1);
    expect(readFileSync(store(), "utf8")).toBe(before);
    expect(deployment.sandbox.accepts(legacy.id, JSON.parse(before).client_secret)).toBe(true);
  });

  test("makes no call for a client that the stack manages, whose id is made up, too", async () => {
    const managed = `new SecureOAuthClient(stack, "orders", {
      name: "orders", stores: [SecretStore.file("./secrets/orders.json")], onDestroy: "remove",
    });`;
    const { output, calls } = await engineTest(managed, `mock_provider "genesyscloud" {}\n${RUN}`);
    expect(calls).toEqual([]);
    expect(output).toContain("which is no UUID");
  });

  test("passes with `command = plan`, and makes no call", async () => {
    const { code, calls } = await engineTest(imported(), BOTH + RUN.replace("apply", "plan"));
    expect({ code, calls }).toEqual({ code: 0, calls: [] });
  });
});
