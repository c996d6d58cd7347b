import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { chooseProviders } from "../../sandbox/providers/choose";
import { runProcess } from "../../sandbox/run-process";
import { describeWithEngine, type Engine } from "../helpers/engines";
import { findLeaks } from "../helpers/leaks";
import { PROGRAM } from "../helpers/program";
import { VaultFixture } from "../helpers/vault/fixture";
import { Consumer } from "../package/consumer";

const EXAMPLES = join(__dirname, "../../examples");
const all = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "package.json")));
const cdktf = all.filter((name) => existsSync(join(EXAMPLES, name, "main.ts")));

let consumer: Consumer;
beforeAll(() => {
  consumer = new Consumer();
});
afterAll(() => consumer?.remove());

/** A copy of an example, below the folder that the tarball and CDKTF are installed in. */
function copyOf(name: string, as = name): string {
  const folder = join(consumer.folder, as);
  cpSync(join(EXAMPLES, name), folder, { recursive: true });
  return folder;
}

function synth(folder: string, environment: NodeJS.ProcessEnv = {}): string {
  execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: folder,
    stdio: "pipe",
    env: { ...process.env, ...environment, NODE_OPTIONS: "" },
  });
  return join(folder, "cdktf.out/stacks");
}

test("each example is a whole project that says what it shows", () => {
  expect(all.length).toBeGreaterThan(6);
  for (const name of all) {
    const { dependencies, devDependencies, overrides } = JSON.parse(
      readFileSync(join(EXAMPLES, name, "package.json"), "utf8"),
    );
    expect(dependencies).toHaveProperty("cdktf-genesyscloud-secure-oauth-client");
    // CDKTF's command line needs it on Node.js 24 and later.
    const replaced = devDependencies?.["cdktf-cli"] ? ["@cdktf/node-pty-prebuilt-multiarch"] : [];
    expect([name, Object.keys(overrides ?? {})]).toEqual([name, replaced]);
    expect(readFileSync(join(EXAMPLES, name, "README.md"), "utf8").length).toBeGreaterThan(200);
  }
});

test("all examples compile", () => {
  const folders = cdktf.map((name) => copyOf(name, `compile-${name}`));
  const tsc = consumer.bin("typescript/bin/tsc");
  const flags = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--types", "node"];
  const files = folders.map((folder) => join(folder, "main.ts"));
  execFileSync(process.execPath, [tsc, ...flags, ...files], { cwd: consumer.folder, stdio: "pipe" });
});

test.each(cdktf)("the example %s synthesizes", (name) => {
  const stacks = synth(copyOf(name));
  for (const stack of readdirSync(stacks)) {
    const text = readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8");
    expect(text).toContain(" regenerate || exit");
  }
});

describeWithEngine("on the sandbox", (engine) => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  test("minimal applies, and the second apply changes nothing", async () => {
    const folder = copyOf("minimal", `minimal-${engine.name}`);
    const stack = join(synth(folder), "genesys");
    await apply(engine, sandbox, stack);
    expectLive(sandbox, join(folder, "secrets/orders.json"));
    expect(await apply(engine, sandbox, stack)).toMatch(/No changes/);
  });

  test("vault applies", async () => {
    const vault = await VaultFixture.open();
    try {
      const folder = copyOf("vault", `vault-${engine.name}`);
      await apply(engine, sandbox, join(synth(folder), "genesys"), vault.environment);
      const { clientId } = sandbox.everySecretEver().at(-1) as { clientId: string };
      expect(sandbox.accepts(clientId, vault.readSecret() ?? "")).toBe(true);
    } finally {
      await vault.close();
    }
  });

  test("adopt takes over the secret, and takes it away with the resource", async () => {
    const { id, secret } = sandbox.addClient({ name: "billing" });
    const folder = copyOf("adopt", `adopt-${engine.name}`);
    const stack = join(synth(folder, { BILLING_CLIENT_ID: id }), "legacy");
    await apply(engine, sandbox, stack);
    expectLive(sandbox, join(folder, "secrets/billing.json"));
    expect(sandbox.accepts(id, secret)).toBe(false);
    await apply(engine, sandbox, stack, {}, ["-destroy"]);
    expect(existsSync(join(folder, "secrets/billing.json"))).toBe(false);
  });

  test("twins rotates: the other client is shown, and the one before still logs in", async () => {
    const folder = copyOf("twins", `twins-${engine.name}`);
    const store = join(folder, "secrets/orders.json");
    await apply(engine, sandbox, join(synth(folder), "genesys"));
    const before = JSON.parse(readFileSync(store, "utf8"));
    await apply(engine, sandbox, join(synth(folder, { ROTATION: "2" }), "genesys"));
    expectLive(sandbox, store);
    expect(JSON.parse(readFileSync(store, "utf8")).client_id).not.toBe(before.client_id);
    expect(sandbox.accepts(before.client_id, before.client_secret)).toBe(true);
  });

  test("fleet rotates what Terraform made from the manifest, and Terraform plans nothing", async () => {
    const folder = copyOf("fleet", `fleet-${engine.name}`);
    const stack = join(synth(folder), "genesys");
    await apply(engine, sandbox, stack);
    const stores = ["billing", "orders", "shipping"].map((name) => join(folder, `secrets/${name}.json`));
    const first = stores.map((store) => expectLive(sandbox, store));
    const rotate = [PROGRAM, "rotate", "--manifest", join(stack, "genesys-secret.manifest.json")];
    const run = (...flags: string[]) =>
      runProcess(process.execPath, [...rotate, ...flags], {
        cwd: folder,
        env: { ...process.env, ...sandbox.environment },
      });
    expect(await run("--due")).toMatchObject({ code: 0 });
    expect(stores.map((store) => expectLive(sandbox, store))).toEqual(first);
    expect(await run()).toMatchObject({ code: 0 });
    for (const [index, store] of stores.entries()) expect(expectLive(sandbox, store)).not.toBe(first[index]);
    expect(await apply(engine, sandbox, stack)).toMatch(/No changes/);
  });

  test("raw-terraform applies, and a new version rotates", async () => {
    const folder = copyOf("raw-terraform", `raw-terraform-${engine.name}`);
    execFileSync("ln", ["-s", join(consumer.folder, "node_modules"), join(folder, "node_modules")]);
    await apply(engine, sandbox, folder);
    const first = expectLive(sandbox, join(folder, "secrets/orders.json"));
    await apply(engine, sandbox, folder, {}, ["-var", "rotation=2"]);
    expect(expectLive(sandbox, join(folder, "secrets/orders.json"))).not.toBe(first);
  });
});

/** `init` and `apply`, with no secret in what the engine says or keeps. @returns what it said */
async function apply(
  engine: Engine,
  sandbox: Sandbox,
  cwd: string,
  added: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<string> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CHECKPOINT_DISABLE: "1",
    ...sandbox.environment,
    ...added,
  };
  if (!existsSync(env.TF_CLI_CONFIG_FILE ?? "")) delete env.TF_CLI_CONFIG_FILE;
  const providers = await chooseProviders(engine, env, env);
  try {
    let said = "";
    for (const words of [
      ["init", "-input=false"],
      ["apply", "-auto-approve", "-input=false", "-no-color", ...args],
    ]) {
      const { code, output } = await runProcess(engine.binary, words, {
        cwd,
        env: { ...env, ...providers.environment },
      });
      if (code !== 0) throw new Error(output);
      said += output;
    }
    const secrets = sandbox.everySecretEver().map(({ secret }) => secret);
    expect(findLeaks(said, secrets)).toEqual([]);
    return said;
  } finally {
    await providers.close();
  }
}

/** @returns the stored secret, which logs in */
function expectLive(sandbox: Sandbox, file: string): string {
  const { client_id, client_secret } = JSON.parse(readFileSync(file, "utf8"));
  expect(sandbox.accepts(client_id, client_secret)).toBe(true);
  return client_secret;
}
