import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import {
  Duration,
  GenesyscloudProvider,
  LeakGuard,
  Rotation,
  SecretStore,
  SecureOAuthClient,
  TwinOAuthClient,
} from "../../constructs";
import { type Document, localExec } from "./synth";

const root = mkdtempSync(join(tmpdir(), "fleet-manifest-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ID = "0f5f6c3e-6a53-4b8c-9a2e-0f3a5b1c2d4e";
let outputs = 0;

function newStack(name = "prod"): { app: App; stack: TerraformStack; manifest: string; outdir: string } {
  outputs += 1;
  const outdir = join(root, String(outputs), "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, skipValidation: true });
  const stack = new TerraformStack(app, name);
  new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
  return { app, stack, outdir, manifest: join(outdir, "stacks", name, "genesys-secret.manifest.json") };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** Warnings of a synth, as cdktf prints them. */
function warnings(outdir: string): { constructPath: string; message: string }[] {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  return Object.values<{ annotations: [] }>(stacks).flatMap(({ annotations }) => annotations);
}

test("a synth writes the manifest: managed clients by name, imported ones by id, nothing that was not set", () => {
  const { app, stack, manifest } = newStack();
  new SecureOAuthClient(stack, "orders", {
    name: "orders",
    stores: [SecretStore.fromUri("vault:secret/orders")],
  });
  SecureOAuthClient.fromClientId(stack, "legacy", {
    clientId: ID,
    stores: [SecretStore.fromUri("aws-ssm:/legacy"), SecretStore.fromUri("vault:secret/legacy")],
    rotation: Rotation.version("7"),
    region: "mypurecloud.de",
    adminCredentials: { clientIdVariable: "ACME_ID", clientSecretVariable: "ACME_SECRET" },
    then: ["systemctl", "restart", "legacy"],
    verify: "elsewhere",
  });
  app.synth();
  expect(read(manifest)).toEqual({
    version: 1,
    clients: [
      { name: "orders", stores: ["vault:secret/orders"], rotation: "on-client-change" },
      {
        clientId: ID,
        stores: ["aws-ssm:/legacy", "vault:secret/legacy"],
        rotation: "version:7",
        region: "eu-central-1",
        adminCredentials: { clientIdVariable: "ACME_ID", clientSecretVariable: "ACME_SECRET" },
        then: ["systemctl", "restart", "legacy"],
        verify: "elsewhere",
      },
    ],
  });
});

test("stores are written as the null_resource has them: relative files start in the stack's folder", () => {
  const { app, stack, manifest } = newStack();
  new SecureOAuthClient(stack, "orders", {
    name: "orders",
    stores: [SecretStore.file("./secrets/orders.json"), SecretStore.file("/srv/orders.json")],
  });
  app.synth();
  const { resource } = read(join(dirname(manifest), "cdk.tf.json")) as Document;
  const { SECRET_STORES } = localExec({ resource }).environment;
  const { clients } = read(manifest) as { clients: [{ stores: string[] }] };
  expect(clients[0].stores).toEqual(SECRET_STORES.split("\n"));
  const [relative] = clients[0].stores.map((uri) => uri.slice("file:".length)) as [string];
  expect(resolve(dirname(manifest), relative)).toBe(join(process.cwd(), "secrets", "orders.json"));
});

test("each stack has its own manifest, and a stack without such a client has none", () => {
  const { app, stack, manifest, outdir } = newStack();
  const other = new TerraformStack(app, "other");
  new GenesyscloudProvider(other, "genesyscloud");
  new SecureOAuthClient(stack, "orders", {
    name: "orders",
    stores: [SecretStore.fromUri("aws-ssm:/orders")],
  });
  app.synth();
  expect(existsSync(manifest)).toBe(true);
  expect(existsSync(join(outdir, "stacks", "other", "genesys-secret.manifest.json"))).toBe(false);
});

describe("what only Terraform knows is left out, and said", () => {
  const variable = (stack: TerraformStack): string => new TerraformVariable(stack, "v", {}).stringValue;
  test.each<[string, (stack: TerraformStack) => void]>([
    [
      "name",
      (stack) =>
        new SecureOAuthClient(stack, "one", {
          name: variable(stack),
          stores: [SecretStore.fromUri("aws-ssm:/one")],
        }),
    ],
    [
      "clientId",
      (stack) =>
        SecureOAuthClient.fromClientId(stack, "one", {
          clientId: variable(stack),
          stores: [SecretStore.fromUri("aws-ssm:/one")],
        }),
    ],
    [
      "rotation",
      (stack) =>
        new SecureOAuthClient(stack, "one", {
          name: "one",
          stores: [SecretStore.fromUri("aws-ssm:/one")],
          rotation: Rotation.version(variable(stack)),
        }),
    ],
    [
      "region",
      (stack) =>
        new SecureOAuthClient(stack, "one", {
          name: "one",
          stores: [SecretStore.fromUri("aws-ssm:/one")],
          region: variable(stack),
        }),
    ],
    [
      "name",
      (stack) =>
        new SecureOAuthClient(stack, "one", {
          name: "one",
          stores: [SecretStore.fromUri("aws-ssm:/one")],
        }).client.addOverride("name", `\${var.name}`),
    ],
  ])("when it is the %s", (prop, add) => {
    const { app, stack, manifest, outdir } = newStack();
    add(stack);
    new SecureOAuthClient(stack, "two", { name: "two", stores: [SecretStore.fromUri("aws-ssm:/two")] });
    app.synth();
    expect(read(manifest)).toMatchObject({ clients: [{ name: "two" }] });
    expect(warnings(outdir)).toMatchObject([
      {
        constructPath: "prod/one",
        message: expect.stringContaining(`${prop} is known only to Terraform`),
      },
    ]);
  });
});

test("a schedule is told without a slot, and twins as the pair that they are", () => {
  const { app, stack, manifest } = newStack();
  new TwinOAuthClient(stack, "orders", {
    name: "orders",
    stores: [SecretStore.fromUri("vault:secret/orders")],
    rotation: Rotation.every(Duration.days(30), { startingAt: "2026-01-01T00:00:00Z" }),
  });
  app.synth();
  expect(read(manifest)).toEqual({
    version: 1,
    clients: [
      {
        name: "orders (A)",
        twin: "orders (B)",
        stores: ["vault:secret/orders"],
        schedule: "every 30 days from 2026-01-01T00:00:00Z",
      },
    ],
  });
});

test("a name that is overridden is the one that the client will have", () => {
  const { app, stack, manifest } = newStack();
  const { client } = new SecureOAuthClient(stack, "one", {
    name: "one",
    stores: [SecretStore.fromUri("aws-ssm:/one")],
  });
  client.addOverride("name", "uno");
  app.synth();
  expect(read(manifest)).toMatchObject({ clients: [{ name: "uno" }] });
});

test("Testing.synth writes nothing", () => {
  const { stack, manifest } = newStack();
  new SecureOAuthClient(stack, "orders", {
    name: "orders",
    stores: [SecretStore.fromUri("aws-ssm:/orders")],
  });
  Testing.synth(stack);
  expect(existsSync(manifest)).toBe(false);
});

test("a secret of the environment gets into no manifest: the stack is refused", () => {
  const { app, stack, manifest } = newStack();
  LeakGuard.of(stack);
  new SecureOAuthClient(stack, "orders", {
    name: "orders",
    stores: [SecretStore.fromUri("aws-ssm:/orders")],
    then: ["notify", "hunter2hunter2"],
    adminCredentials: { clientIdVariable: "ACME_ID", clientSecretVariable: "ACME_SECRET" },
  });
  process.env.ACME_SECRET = "hunter2hunter2";
  try {
    expect(() => app.synth()).toThrow(/ACME_SECRET/);
  } finally {
    delete process.env.ACME_SECRET;
  }
  expect(existsSync(manifest)).toBe(false);
});
