import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";

const STORE = 'SecretStore.file("./secrets/Terraform-Managed-CI-Client.json")';

describeWithEngine("twins under the engine", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
  });
  afterAll(() => deployment.close());

  const synth = (construct: string, version: string): Promise<void> =>
    deployment.synthClients(`new ${construct}(stack, "ci", {
      name: "ci", stores: [${STORE}], rotation: Rotation.version("${version}"), onDestroy: "remove",
    });`);

  /** Applies, and says what the store shows then; nothing is left to plan. */
  async function apply(construct: string, version: string): Promise<{ id: string; secret: string }> {
    await synth(construct, version);
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect(deployment.storeIsLive()).toBe(true);
    expect(await deployment.engine(["plan", "-detailed-exitcode", "-input=false"])).toMatchObject({
      code: 0,
    });
    const { client_id, client_secret } = deployment.project.storedDocument();
    return { id: client_id, secret: client_secret };
  }

  let first: { id: string; secret: string };

  test("one client becomes one of the twins: it keeps its id, and its secret goes on working", async () => {
    await synth("SecureOAuthClient", "1");
    expect(await deployment.init()).toMatchObject({ code: 0 });
    const alone = await apply("SecureOAuthClient", "1");
    first = await apply("TwinOAuthClient", "1");
    expect(first).toEqual(alone);
    const names = deployment.sandbox.clients().map(({ name }) => name);
    expect(names.sort()).toEqual(["Sandbox Admin", "ci (A)", "ci (B)"]);
  });

  test("each rotation takes the other one, and leaves the one before alive", async () => {
    let before = first;
    const ids = [first.id];
    for (const version of ["2", "3", "4"]) {
      const calls = deployment.regenerations();
      const now = await apply("TwinOAuthClient", version);
      expect(deployment.regenerations() - calls).toBe(1);
      expect(deployment.sandbox.accepts(before.id, before.secret)).toBe(true);
      ids.push(now.id);
      before = now;
    }
    expect(ids[1]).not.toBe(ids[0]);
    expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1]]);
  });

  test("-replace finds the rotation done; with GENESYS_SECRET_AGAIN it rotates once more", async () => {
    const { output } = await deployment.engine(["state", "list"]);
    const resource = output.split("\n").find((line) => /null_resource\.\w*regeneration/.test(line)) as string;
    const replace = ["apply", "-auto-approve", "-input=false", "-no-color", `-replace=${resource}`];
    const before = deployment.project.storedDocument();
    const calls = deployment.regenerations();
    const found = await deployment.engine(replace);
    expect(found).toMatchObject({ code: 0, output: expect.stringContaining('"version:4" is done') });
    expect(deployment.project.storedDocument()).toEqual(before);
    expect(await deployment.engine(replace, { GENESYS_SECRET_AGAIN: "1" })).toMatchObject({ code: 0 });
    expect(deployment.project.storedDocument().client_id).toBe(first.id);
    expect(deployment.regenerations() - calls).toBe(1);
  });

  test("an apply that failed after the secret was stored is applied again, and rotates nothing", async () => {
    await synth("TwinOAuthClient", "5");
    const calls = deployment.regenerations();
    // The program stores, and is then seen to have failed: Terraform taints the null_resource.
    const forget = deployment.sandbox.onRequest(async ({ path, clientId }) => {
      const { client_id } = deployment.project.storedDocument();
      if (path !== "/oauth/token" || clientId !== client_id || client_id === first.id) return;
      for (const pid of deployment.recorder.pids) process.kill(pid, "SIGKILL");
    });
    deployment.recorder.clear();
    expect(await deployment.apply()).toMatchObject({ code: 1 });
    forget();
    await deployment.recorder.allEnded();
    const shown = deployment.project.storedDocument();
    const again = await deployment.apply();
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('"version:5" is done') });
    expect(deployment.project.storedDocument()).toEqual(shown);
    expect(deployment.regenerations() - calls).toBe(1);
  });

  test("no secret and no token went to any file but the store, and destroying takes it away", async () => {
    const { leaks, expected } = leaksOf(deployment);
    expect(leaks).toEqual([]);
    expect(expected).not.toEqual([]);
    expect(await deployment.engine(["destroy", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
    expect(() => deployment.project.storedDocument()).toThrow("ENOENT");
    expect(deployment.sandbox.clients().map(({ name }) => name)).toEqual(["Sandbox Admin"]);
  });
});
