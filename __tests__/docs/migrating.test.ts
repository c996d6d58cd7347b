import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { INSTALLED, walkThrough } from "./walk-through";

let sandbox: Sandbox;
let folder: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), "docs-migrating-"));
});

afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test("from the usual tutorial: the secret in secrets.txt ends dead", async () => {
  const { id, secret } = sandbox.addClient({ name: "orders-service" });
  writeFileSync(join(folder, "secrets.txt"), `client_id=${id}\nclient_secret=${secret}\n`);
  const page = "docs/migrating-from-the-tutorial.md";
  const output = await walkThrough(page, folder, { ...sandbox.environment }, INSTALLED);
  expect(output).toMatch(/ALIVE[\s\S]*Done: the secret[\s\S]*\bdead\b/);
  expect(output).not.toContain(secret);
  expect(sandbox.accepts(id, secret)).toBe(false);
});

test("from expose_client_secret: the audit kills what the state leaked", async () => {
  const { id, secret } = sandbox.addClient({ name: "orders-service" });
  const attributes = { id, client_id: id, client_secret: secret, expose_client_secret: true, name: "orders" };
  const resource = {
    mode: "managed",
    type: "genesyscloud_oauth_client",
    name: "orders",
    instances: [{ attributes }],
  };
  const state = { version: 4, terraform_version: "1.11.4", serial: 1, outputs: {}, resources: [resource] };
  writeFileSync(join(folder, "terraform.tfstate"), JSON.stringify(state));
  const page = "docs/migrating-from-expose-client-secret.md";
  const environment = { ...sandbox.environment, CLIENT_ID: id };
  const output = await walkThrough(page, folder, environment, INSTALLED);
  expect(output).not.toContain(secret);
  expect(sandbox.accepts(id, secret)).toBe(false);
});
