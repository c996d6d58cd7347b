import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine, type Engine } from "../helpers/engines";

/** What version 0.1.0 (commit a071be5) synthesized for the two clients below. */
const OLD = readFileSync(join(__dirname, "fixtures", "synthesized-by-0.1.0.tf.json"), "utf8");
const PROGRAM = join(__dirname, "../../dist/program");

/** The same clients, today. */
const orders = (runner = "null_resource"): string =>
  `new SecureOAuthClient(stack, "orders", {
     name: "orders", rotation: Rotation.version("1"), onDestroy: "remove", runner: "${runner}",
     stores: [SecretStore.file("./secrets/orders.json")],
   });`;
const billing = (runner = "null_resource"): string =>
  `new SecureOAuthClient(stack, "billing", {
     name: "billing", runner: "${runner}", stores: [SecretStore.file("./secrets/billing.json")],
   });`;

/** Deploys what 0.1.0 synthesized. Today's program stands in for its own: neither the state nor a trigger holds it. */
async function deployedBefore(engine: Engine): Promise<Deployment> {
  const deployment = await Deployment.start(engine);
  const folder = join(deployment.project.folder, "cdktf.out", "stacks", "dev");
  const [, program = ""] = /node (\S+)\/genesys-secret\.cjs/.exec(OLD) ?? [];
  cpSync(PROGRAM, join(folder, program), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), OLD);
  expect(await deployment.init()).toMatchObject({ code: 0 });
  expect(await deployment.apply()).toMatchObject({ code: 0 });
  expect(deployment.regenerations()).toBe(2);
  expect(providersIn(deployment)).toContain("secure_oauth_client");
  return deployment;
}

async function synth(deployment: Deployment, clients: string): Promise<void> {
  await deployment.synthMain(deployment.writeMain(clients));
  expect(await deployment.init()).toMatchObject({ code: 0 });
}

const storeOf = ({ project }: Deployment, name: string): string =>
  join(project.folder, "secrets", `${name}.json`);

function stored(deployment: Deployment) {
  return ["orders", "billing"].map((name) => JSON.parse(readFileSync(storeOf(deployment, name), "utf8")));
}

function stateOf({ project }: Deployment): { type: string; provider: string }[] {
  return JSON.parse(readFileSync(join(project.folder, "terraform.dev.tfstate"), "utf8")).resources;
}

function providersIn(deployment: Deployment): string {
  return stateOf(deployment)
    .map(({ provider }) => provider)
    .join("\n");
}

const PLAN = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];

describeWithEngine("a stack that 0.1.0 deployed, upgraded", (engine) => {
  let deployment: Deployment;
  let before: unknown;
  beforeAll(async () => {
    deployment = await deployedBefore(engine);
    before = stored(deployment);
    await synth(deployment, orders() + billing());
  });
  afterAll(() => deployment?.close());
  const said: string[] = [];

  test("has nothing to do, and regenerates nothing", async () => {
    const { code, output } = await deployment.engine([...PLAN, "-out=upgrade.tfplan"]);
    expect(output).toContain("No changes. Your infrastructure matches the configuration.");
    expect(code).toBe(0);
    const applied = await deployment.engine(["apply", "-input=false", "upgrade.tfplan"]);
    expect(applied).toMatchObject({ code: 0 });
    said.push(output, applied.output);
    expect(deployment.regenerations()).toBe(2);
    expect(stored(deployment)).toEqual(before);
  });

  test("needs the old provider block no more after that apply", () => {
    expect(providersIn(deployment)).not.toContain("secure_oauth_client");
  });

  test("then lets a client be taken out: that one's destruction is planned, and nothing else", async () => {
    const [, { client_id }] = stored(deployment);
    await synth(deployment, orders());
    const { code, output } = await deployment.apply();
    expect(output).toContain("Plan: 0 to add, 0 to change, 2 to destroy.");
    expect(code).toBe(0);
    said.push(output);
    expect(deployment.sandbox.client(client_id)).toBeUndefined();
    const [{ client_id: left, client_secret }] = stored(deployment);
    expect(deployment.sandbox.accepts(left, client_secret)).toBe(true);
    expect(deployment.regenerations()).toBe(2);
  });

  test("then the last one", async () => {
    await synth(deployment, "");
    const { code, output } = await deployment.apply();
    expect(output).toContain("Plan: 0 to add, 0 to change, 3 to destroy.");
    expect(code).toBe(0);
    said.push(output);
    expect(stateOf(deployment)).toEqual([]);
    expect(await deployment.engine(PLAN)).toMatchObject({ code: 0 });
  });

  test("with no secret and no token in any file but the stores, nor in what the engine said", () => {
    const stores = ["orders", "billing"].map((name) => storeOf(deployment, name));
    const { leaks, expected } = leaksOf(
      deployment,
      { texts: { "the engine's output": said.join("") } },
      stores,
    );
    expect(leaks).toEqual([]);
    expect(expected.length).toBeGreaterThan(0);
  });
});

describeWithEngine("a stack that 0.1.0 deployed, upgraded without the last client in one step", (engine) => {
  let deployment: Deployment;
  let refusal: string;
  beforeAll(async () => {
    deployment = await deployedBefore(engine);
    await synth(deployment, "");
    const { code, output } = await deployment.engine(PLAN);
    expect(code).toBe(1);
    refusal = output.replace(/\s+/g, " ");
  });
  afterAll(() => deployment?.close());

  test("is refused by the engine, which names what the state has of the old block", () => {
    expect(refusal).toContain("Provider configuration not present");
    expect(refusal).toContain("secure_oauth_client");
  });

  test("is accepted after what the questions' page says, and regenerates nothing", async () => {
    const page = readFileSync(join(__dirname, "../../docs/faq.md"), "utf8");
    const [, command = ""] = /^terraform (state rm .+)$/m.exec(page) ?? [];
    const addresses = new Set(refusal.match(/null_resource\.\w+/g));
    expect(addresses.size).toBeGreaterThan(0);
    for (const address of addresses) {
      const args = command.replace("ADDRESS", address).split(" ");
      expect(await deployment.engine(args)).toMatchObject({ code: 0 });
    }
    const clients = stored(deployment).map(({ client_id }) => client_id);
    const { code, output } = await deployment.apply();
    expect(output).toContain("Plan: 0 to add, 0 to change, 2 to destroy.");
    expect(code).toBe(0);
    for (const client of clients) expect(deployment.sandbox.client(client)).toBeUndefined();
    expect(stateOf(deployment)).toEqual([]);
    expect(deployment.regenerations()).toBe(2);
  });
});

describeWithEngine(
  "a stack that 0.1.0 deployed, upgraded and made a terraform_data in one step",
  (engine) => {
    let deployment: Deployment;
    beforeAll(async () => {
      deployment = await deployedBefore(engine);
    });
    afterAll(() => deployment?.close());

    test("moves what is in the state, regenerates nothing, and needs no null provider", async () => {
      const before = stored(deployment);
      await synth(deployment, orders("terraform_data") + billing("terraform_data"));
      const { code, output } = await deployment.apply();
      expect(output).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
      expect(code).toBe(0);
      expect(providersIn(deployment)).not.toContain("hashicorp/null");
      expect(deployment.regenerations()).toBe(2);
      expect(stored(deployment)).toEqual(before);
    });

    test("then lets its clients be taken out", async () => {
      await synth(deployment, "");
      expect(await deployment.apply()).toMatchObject({ code: 0 });
      expect(stateOf(deployment)).toEqual([]);
    });
  },
);
