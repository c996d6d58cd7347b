import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CloudBackend, LocalBackend, NamedCloudWorkspace, RemoteBackend, TerraformStack } from "cdktf";
import { GenesyscloudProvider, SecretStore, SecureOAuthClient } from "../../constructs";

const root = mkdtempSync(join(tmpdir(), "remote-runs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FILE = SecretStore.file("./secrets/orders.json");
const VAULT = SecretStore.fromUri("vault:secret/orders");
let outputs = 0;

const cloud = (stack: TerraformStack) =>
  new CloudBackend(stack, { organization: "acme", workspaces: new NamedCloudWorkspace("dev") });
const remote = (stack: TerraformStack) =>
  new RemoteBackend(stack, { organization: "acme", workspaces: { name: "dev" } });

/** The warnings of a synth, as cdktf prints them. */
function warned(backend: (stack: TerraformStack) => unknown, stores: readonly SecretStore[]) {
  outputs += 1;
  const outdir = join(root, String(outputs), "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, skipValidation: true });
  const stack = new TerraformStack(app, "dev");
  new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
  new SecureOAuthClient(stack, "orders", { name: "orders", stores });
  backend(stack);
  app.synth();
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
  return Object.values<{ annotations: { constructPath: string; message: string }[] }>(stacks).flatMap(
    ({ annotations }) => annotations,
  );
}

test.each([
  ["a CloudBackend", cloud],
  ["a RemoteBackend", remote],
])("%s and a file: a synth warns that the file may go with the machine that runs Terraform", (_, backend) => {
  expect(warned(backend, [FILE, VAULT])).toEqual([
    expect.objectContaining({
      constructPath: "dev/orders",
      message: expect.stringMatching(/^file:\.\/secrets\/orders\.json is a file, .*thrown away/),
    }),
  ]);
});

test.each<[string, (stack: TerraformStack) => unknown, readonly SecretStore[]]>([
  ["a store that is no file", cloud, [VAULT]],
  ["a backend that only keeps the state", (stack) => new LocalBackend(stack), [FILE]],
])("%s: nothing to warn of", (_, backend, stores) => {
  expect(warned(backend, stores)).toEqual([]);
});
