import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rotation, SecretStore, SecureOAuthClient, VaultAuth } from "../../constructs";
import { buildJsii } from "../../tools/bundling/jsii";
import { newStack, synth } from "../constructs/synth";
import { describeUnlessMissing } from "../helpers/engines";
import { findTool } from "../helpers/tools";

const PROJECT = join(__dirname, "..", "..");
const python = ["python", "python3"]
  .flatMap((name) => findTool(name) ?? [])
  .find((candidate) => spawnSync(candidate, ["-c", "import cdktf, pip"]).status === 0);
const missing =
  python === undefined
    ? "Python with cdktf (python3 -m venv .venv && .venv/bin/pip install -r requirements-test.txt)"
    : undefined;

const STACK = `
from cdktf import App, TerraformStack
from cdktf_genesyscloud_secure_oauth_client import (
    GenesyscloudProvider, GenesyscloudProviderGateway, OAuthClientLifecycle, OAuthClientRole, Rotation, SecretStore,
    SecureOAuthClient, VaultAuth,
)

app = App()
stack = TerraformStack(app, "dev")
GenesyscloudProvider(stack, "genesyscloud", gateway=[GenesyscloudProviderGateway()])
orders = SecureOAuthClient(stack, "orders", name="orders", rotation=Rotation.version("1"),
    roles=[OAuthClientRole(role_id="role-1", division_id="*")], lifecycle=OAuthClientLifecycle(prevent_destroy=True),
    stores=[SecretStore.file("./secrets/orders.json"),
            SecretStore.vault(mount="secret", path="genesys/orders", auth=VaultAuth.app_role())])
SecureOAuthClient.from_client_id(stack, "legacy", client_id="5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d",
    runner="terraform_data", stores=[SecretStore.command(["gh", "secret", "set", "LEGACY"])])
`;

describeUnlessMissing(missing, "a stack written in Python", () => {
  const root = mkdtempSync(join(tmpdir(), "python-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  beforeAll(async () => {
    await buildJsii(PROJECT, join(root, "package"));
    run(root, "-m", "pip", "install", "--quiet", "--no-deps", "--target", "site", "package/dist/python");
  });

  function run(cwd: string, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync(python as string, args, {
      cwd,
      encoding: "utf8",
      env: {
        ...process.env,
        PYTHONPATH: join(root, "site"),
        JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1",
      },
    });
    return { status, output: `${stdout}${stderr}` };
  }

  function main(name: string, text: string) {
    const folder = join(root, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "main.py"), text);
    return { folder, ...run(folder, "main.py") };
  }

  test("synthesizes to the document that TypeScript gives", () => {
    const { folder, status, output } = main("synth", `${STACK}\napp.synth()\nprint(orders.store_uris)\n`);
    expect({ status, output: status === 0 ? "" : output }).toEqual({ status: 0, output: "" });
    expect(output).toContain("vault:secret/genesys/orders?auth=approle");

    const stack = newStack();
    new SecureOAuthClient(stack, "orders", {
      name: "orders",
      rotation: Rotation.version("1"),
      roles: [{ roleId: "role-1", divisionId: "*" }],
      lifecycle: { preventDestroy: true },
      stores: [
        SecretStore.file("./secrets/orders.json"),
        SecretStore.vault({ mount: "secret", path: "genesys/orders", auth: VaultAuth.appRole() }),
      ],
    });
    SecureOAuthClient.fromClientId(stack, "legacy", {
      clientId: "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d",
      runner: "terraform_data",
      stores: [SecretStore.command(["gh", "secret", "set", "LEGACY"])],
    });
    const { resource, provider, moved, terraform } = synth(stack);
    const text = readFileSync(join(folder, "cdktf.out/stacks/dev/cdk.tf.json"), "utf8");
    const document = JSON.parse(text, (key, value) => (key === "//" ? undefined : value));
    expect(document).toMatchObject({ resource, provider, moved });
    expect(document.terraform.required_providers).toEqual(terraform.required_providers);
  });

  test("is refused by the leak guard, as in TypeScript", () => {
    const { status, output } = main(
      "leak",
      `${STACK}\norders.client.add_override("expose_client_secret", True)\napp.synth()\n`,
    );
    expect(status).not.toBe(0);
    expect(output).toContain("The leak guard refuses the stack dev");
    expect(output).toContain("expose_client_secret must not be set");
  });

  test("is told which prop breaks which rule", () => {
    const { status, output } = main("rule", STACK.replace('name="orders"', 'name=" "'));
    expect(status).not.toBe(0);
    expect(output).toContain("name must be a string that is not blank");
  });
});
