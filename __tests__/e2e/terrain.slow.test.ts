import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";
import { Consumer, FRAMEWORKS, type Framework } from "../package/consumer";

/** Written for CDKTF; a consumer translates the imports. */
const main = (rotation: string): string => `import { App, LocalBackend, TerraformStack } from "cdktf";
import { GenesyscloudProvider, Rotation, SecretStore, SecureOAuthClient } from "cdktf-genesyscloud-secure-oauth-client";

const app = new App();
const stack = new TerraformStack(app, "dev");
new LocalBackend(stack, { path: "../../../terraform.dev.tfstate" });
new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
const rotation = Rotation.version(${JSON.stringify(rotation)});
new SecureOAuthClient(stack, "orders", {
  name: "orders", description: "Reads orders", rotation, onDestroy: "remove",
  stores: [SecretStore.file("./secrets/orders.json")],
});
new SecureOAuthClient(stack, "billing", {
  name: "billing", rotation, runner: "terraform_data", grantType: "CODE",
  redirectUris: ["https://billing.example.com/callback"], stores: [SecretStore.file("./secrets/billing.json")],
});
app.synth();
`;

let consumers: Record<Framework, Consumer>;
beforeAll(() => {
  consumers = { cdktf: new Consumer("cdktf"), cdktn: new Consumer("cdktn") };
});
afterAll(() => {
  for (const consumer of Object.values(consumers ?? {})) consumer.remove();
});

describeWithEngine("a stack that moves from CDKTF to CDK Terrain, both from the packed tarball", (engine) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await Deployment.start(engine);
    await synth("cdktf", "1");
    expect(await deployment.init()).toMatchObject({ code: 0 });
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect(deployment.regenerations()).toBe(2);
  });
  afterAll(() => deployment?.close());

  const synth = (framework: Framework, rotation: string): Promise<void> => {
    const folder = consumers[framework].project("app", "commonjs", { "main.ts": main(rotation) });
    return deployment.synthMain(join(folder, "main.ts"));
  };
  /** The synthesized stack, without what the frameworks say of themselves. */
  const document = () => {
    const text = readFileSync(join(deployment.project.stackFolder, "cdk.tf.json"), "utf8");
    return JSON.parse(text, (key, value) => (key === "//" ? undefined : value));
  };
  const stored = (name: string) =>
    JSON.parse(readFileSync(join(deployment.project.folder, "secrets", `${name}.json`), "utf8"));
  const secrets = () => ["orders", "billing"].map((name) => stored(name).client_secret);

  test("synthesizes to the same document, and its plan has nothing to do", async () => {
    const before = { document: document(), secrets: secrets() };
    await synth("cdktn", "1");
    expect(document()).toEqual(before.document);
    expect(Object.keys(before.document.resource).sort()).toEqual([
      "genesyscloud_oauth_client",
      "null_resource",
      "terraform_data",
    ]);

    expect(await deployment.init()).toMatchObject({ code: 0 });
    const { code, output } = await deployment.engine([
      "plan",
      "-detailed-exitcode",
      "-input=false",
      "-no-color",
    ]);
    expect(output).toContain("No changes. Your infrastructure matches the configuration.");
    expect(code).toBe(0);
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    expect([deployment.regenerations(), secrets()]).toEqual([2, before.secrets]);
  });

  test("rotates there as it did before, and leaks as little", async () => {
    await synth("cdktn", "2");
    const { code, output } = await deployment.apply();
    expect(code).toBe(0);
    expect(deployment.regenerations()).toBe(4);
    const { client_id, client_secret } = stored("orders");
    expect(deployment.sandbox.accepts(client_id, client_secret)).toBe(true);
    const stores = ["orders", "billing"].map((name) =>
      join(deployment.project.folder, "secrets", `${name}.json`),
    );
    const { leaks, expected } = leaksOf(deployment, { texts: { "the engine's output": output } }, stores);
    expect(leaks).toEqual([]);
    expect(expected.length).toBeGreaterThan(0);
  });

  test("and back: nothing to do", async () => {
    await synth("cdktf", "2");
    const plan = await deployment.engine(["plan", "-detailed-exitcode", "-input=false"]);
    expect(plan).toMatchObject({ code: 0 });
  });

  test("destroys its clients, and with one its document", async () => {
    await synth("cdktn", "2");
    const { client_id } = stored("orders");
    expect(await deployment.engine(["destroy", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
    expect(deployment.sandbox.client(client_id)).toBeUndefined();
    expect(() => stored("orders")).toThrow("ENOENT");
  });
});

describeWithEngine("a newcomer with the packed tarball and an engine alone", (engine) => {
  test.each(Object.keys(FRAMEWORKS) as Framework[])(
    "%s: deploys into the sandbox, rotates, and verifies",
    (framework) => {
      const consumer = consumers[framework];
      const folder = consumer.project("newcomer", "commonjs", {
        "main.ts": main("1"),
        "again.ts": main("2"),
        "steps.sh": `set -e
        engine() { ${engine.binary} -chdir=cdktf.out/stacks/dev "$@" -no-color; }
        node --import tsx main.ts
        engine init -input=false
        engine apply -auto-approve -input=false
        cp secrets/orders.json old.json
        node --import tsx again.ts
        engine apply -auto-approve -input=false
        genesys-secret verify --store file:./secrets/orders.json
        ! genesys-secret verify --store file:./old.json
        engine show > state.txt
        genesys-secret audit --store file:./secrets/orders.json terraform.dev.tfstate cdktf.out state.txt`,
      });
      const { status, stdout, stderr } = spawnSync(
        consumer.bin(".bin/genesys-secret"),
        ["sandbox", "--", "sh", "steps.sh"],
        {
          cwd: folder,
          encoding: "utf8",
          env: {
            ...process.env,
            PATH: `${consumer.bin(".bin")}${delimiter}${process.env.PATH}`,
            CHECKPOINT_DISABLE: "1",
            NODE_OPTIONS: "",
          },
        },
      );
      expect({ status, said: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
      expect(stdout.match(/Read back and logged in: it works/g)).toHaveLength(2 * 2);
      const [before, now] = ["old.json", "secrets/orders.json"].map((name) =>
        JSON.parse(readFileSync(join(folder, name), "utf8")),
      );
      expect(now.client_id).toBe(before.client_id);
      expect(now.client_secret).not.toBe(before.client_secret);
    },
  );
});
