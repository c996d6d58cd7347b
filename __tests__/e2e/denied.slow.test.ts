import { Deployment } from "../helpers/deployment";
import { describeWithEngine } from "../helpers/engines";
import { findLeaks } from "../helpers/leaks";

describeWithEngine("on a machine whose address the login service denies", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
    const { sandbox } = deployment;
    await synth("1");
    expect(await deployment.init()).toMatchObject({ code: 0 });
    sandbox.allow({ addresses: ["203.0.113.7"], except: [sandbox.admin.clientId] });
  });
  afterAll(() => deployment.close());

  const synth = (rotation: string, more = ""): Promise<void> =>
    deployment.synthClients(
      `new SecureOAuthClient(stack, "orders", { name: "orders", rotation: Rotation.version("${rotation}"), ${more}
         stores: [SecretStore.file("./secrets/Terraform-Managed-CI-Client.json")] });`,
    );
  /** Applies; gives the engine's output, and how many regenerate calls the org saw. */
  const apply = async (
    ...args: string[]
  ): Promise<{ code: number | null; calls: number; output: string }> => {
    const before = deployment.regenerations();
    const { code, output } = await deployment.engine(
      ["apply", "-auto-approve", "-input=false", "-no-color", ...args],
      { GENESYS_SECRET_VERIFY_TIMEOUT: "1" },
    );
    printed.push(output);
    return { code, calls: deployment.regenerations() - before, output };
  };
  const threeTimes = async (...args: string[]) => {
    const results = [await apply(...args), await apply(...args), await apply(...args)];
    return results.map(({ code, calls }) => ({ code, calls }));
  };
  const printed: string[] = [];
  const NOTHING = { code: 0, calls: 0 };
  const holdsThePresentOne = (): boolean => {
    const { client_id, client_secret } = deployment.project.storedDocument();
    return deployment.sandbox.liveSecret(client_id) === client_secret;
  };

  test("a new client gets its secret, with a warning", async () => {
    const { code, calls, output } = await apply();
    expect([code, calls, holdsThePresentOne()]).toEqual([0, 1, true]);
    expect(output).toContain("was not seen to log in: the login service denies this machine: access_denied");
  });

  test("three applies without a change make no call", async () => {
    expect(await threeTimes()).toEqual([NOTHING, NOTHING, NOTHING]);
  });

  test("a changed rotation makes one call, and three applies after it none", async () => {
    await synth("2");
    expect(await apply()).toMatchObject({ code: 0, calls: 1 });
    expect(await threeTimes()).toEqual([NOTHING, NOTHING, NOTHING]);
    expect(holdsThePresentOne()).toBe(true);
  });

  test("three of -replace make no call, end with 9 and say how to replace it all the same", async () => {
    const { output: list } = await deployment.engine(["state", "list"]);
    const resource = list.split("\n").find((line) => line.startsWith("null_resource.")) as string;
    for (let time = 0; time < 3; time += 1) {
      const { code, calls, output } = await apply(`-replace=${resource}`);
      expect([code, calls]).toEqual([1, 0]);
      expect(output).toMatch(/exit status 9\b/);
      expect(output.replace(/\s+/g, " ")).toContain("set a new rotation id");
    }
    expect(holdsThePresentOne()).toBe(true);
  });

  test("to verify here fails each apply of a rotation and replaces once; where logins come through, it heals", async () => {
    await synth("3", 'verify: "here",');
    const results = [await apply(), await apply(), await apply()];
    expect(results.map(({ code, calls }) => [code, calls])).toEqual([
      [1, 1],
      [1, 0],
      [1, 0],
    ]);
    for (const { output } of results) expect(output).toMatch(/exit status 9\b/);
    expect(deployment.project.storedDocument()).toMatchObject({ verified: false });

    deployment.sandbox.allowAll();
    expect(await apply()).toMatchObject(NOTHING);
    expect(deployment.storeIsLive()).toBe(true);
    expect(deployment.project.storedDocument()).not.toHaveProperty("verified");
  });

  test("what the engine printed in all of this holds no secret and no token", () => {
    const { sandbox } = deployment;
    const secrets = [...sandbox.everySecretEver().map(({ secret }) => secret), ...sandbox.everyTokenEver()];
    expect(findLeaks(printed.join("\n"), secrets)).toEqual([]);
  });
});
