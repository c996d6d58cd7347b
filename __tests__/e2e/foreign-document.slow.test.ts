import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";

const STORE = 'SecretStore.file("./secrets/Terraform-Managed-CI-Client.json")';

describeWithEngine("a store whose client is another one", (engine) => {
  let deployment: Deployment;
  beforeEach(async () => {
    deployment = await Deployment.start(engine);
  });
  afterEach(() => deployment?.close());

  const deploy = async (clients: string): Promise<{ code: number | null; output: string }> => {
    await deployment.synthClients(clients);
    expect(await deployment.init()).toMatchObject({ code: 0 });
    return deployment.apply();
  };

  const client = (name: string, lifecycle = ""): string =>
    `new SecureOAuthClient(stack, "ci", { name: "${name}", stores: [${STORE}], ${lifecycle} });`;

  const addressOf = async (type: string): Promise<string> => {
    const { output } = await deployment.engine(["state", "list"]);
    return output.split("\n").find((line) => line.startsWith(type)) as string;
  };

  test.each([
    ["destroyed first", ""],
    ["created first", "lifecycle: { createBeforeDestroy: true },"],
  ])(
    "and which this construct replaced (%s) under another name takes the store over",
    async (_, lifecycle) => {
      expect(await deploy(client("ci", lifecycle))).toMatchObject({ code: 0 });
      const before = deployment.project.storedDocument();
      await deployment.synthClients(client("ci-renamed", lifecycle));
      const replaced = await deployment.engine([
        "apply",
        "-auto-approve",
        "-input=false",
        "-no-color",
        `-replace=${await addressOf("genesyscloud_oauth_client")}`,
      ]);
      expect(replaced).toMatchObject({ code: 0 });
      const after = deployment.project.storedDocument();
      expect(after.client_id).not.toBe(before.client_id);
      expect(deployment.storeIsLive()).toBe(true);
      expect(deployment.sandbox.client(before.client_id)).toBeUndefined();
      expect(leaksOf(deployment).leaks).toEqual([]);
    },
  );

  test("of the same construct, by a changed fromClientId, takes the store over; the old client lives on", async () => {
    const [one, two] = ["one", "two"].map((name) => deployment.sandbox.addClient({ name }));
    const imported = (id = ""): string =>
      `SecureOAuthClient.fromClientId(stack, "ci", { clientId: "${id}", stores: [${STORE}] });`;
    expect(await deploy(imported(one?.id))).toMatchObject({ code: 0 });
    const { client_secret } = deployment.project.storedDocument();
    expect(await deploy(imported(two?.id))).toMatchObject({ code: 0 });
    expect(deployment.project.storedDocument().client_id).toBe(two?.id);
    expect(deployment.storeIsLive()).toBe(true);
    expect(deployment.sandbox.accepts(one?.id ?? "", client_secret)).toBe(true);
  });

  test("of another construct fails the apply before the call, and takeOver lets it", async () => {
    const theirs = `new SecureOAuthClient(stack, "theirs", { name: "theirs", stores: [${STORE}] });`;
    const ours = (more = ""): string =>
      `new SecureOAuthClient(stack, "ours", { name: "ours", stores: [${STORE}], ${more} });`;
    expect(await deploy(theirs)).toMatchObject({ code: 0 });
    const { client_id, client_secret, owner } = deployment.project.storedDocument() as Record<string, string>;
    expect(owner).toBe("terraform:default:dev/theirs");
    // The other construct is in another state: this one knows nothing of it.
    await deployment.synthClients(ours());
    for (const type of ["null_resource", "genesyscloud_oauth_client"])
      expect(await deployment.engine(["state", "rm", await addressOf(type)])).toMatchObject({ code: 0 });
    const failed = await deployment.apply();
    expect(failed.code).toBe(1);
    expect(failed.output).toContain("ERR_STORE_FOREIGN");
    expect(failed.output).toContain(`set SECRET_TAKE_OVER=${client_id}`);
    expect(failed.output).toContain("exit status 6");
    expect(deployment.regenerations()).toBe(1);
    expect(deployment.sandbox.accepts(client_id ?? "", client_secret ?? "")).toBe(true);
    expect(await deploy(ours(`takeOver: "${client_id}"`))).toMatchObject({ code: 0 });
    expect(deployment.storeIsLive()).toBe(true);
    expect(deployment.regenerations()).toBe(2);
  });

  test("of the other twin takes turns as before", async () => {
    const twins = (version: string): string =>
      `new TwinOAuthClient(stack, "ci", { name: "ci", stores: [${STORE}], rotation: Rotation.version("${version}") });`;
    expect(await deploy(twins("1"))).toMatchObject({ code: 0 });
    const before = deployment.project.storedDocument();
    expect(await deploy(twins("2"))).toMatchObject({ code: 0 });
    expect(deployment.project.storedDocument().client_id).not.toBe(before.client_id);
    expect(deployment.sandbox.accepts(before.client_id, before.client_secret)).toBe(true);
  });

  test("of another workspace fails the apply before the call", async () => {
    expect(await deploy(client("ci"))).toMatchObject({ code: 0 });
    const before = deployment.project.storedDocument();
    expect(await deployment.engine(["workspace", "new", "prod"])).toMatchObject({ code: 0 });
    const failed = await deployment.apply();
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("ERR_STORE_FOREIGN") });
    expect(deployment.project.storedDocument()).toEqual(before);
    expect(deployment.storeIsLive()).toBe(true);
  });
});
