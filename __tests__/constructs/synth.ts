import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, TerraformStack, Testing } from "cdktf";
import { GenesyscloudProvider, SecretStore } from "../../constructs";

let files = 0;

/** A store that no other client of a test writes. */
export function someStore(): SecretStore {
  files += 1;
  return SecretStore.file(`./secrets/${files}.json`);
}

/** A stack named "dev" with a Genesys Cloud provider, in an app whose output lies where it does in a real project. */
export function newStack(app = newApp()): TerraformStack {
  const stack = new TerraformStack(app, "dev");
  new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
  return stack;
}

/** An app whose output folder is `cdktf.out` in the project's folder, which is never written. */
export function newApp(): App {
  // Its constructor makes the folder that it is given: one that is removed at once, not one beside the tests.
  const folder = mkdtempSync(join(tmpdir(), "constructs-"));
  const app = Testing.app({ outdir: folder });
  rmSync(folder, { recursive: true });
  Object.assign(app, { outdir: "cdktf.out" });
  return app;
}

// biome-ignore lint/suspicious/noExplicitAny: a synthesized document has no type
export type Document = any;

/** A template of Terraform, as it stands in a document. */
export function template(expression: string): string {
  return `\${${expression}}`;
}

/** What a stack synthesizes to, without metadata. */
export function synth(stack: TerraformStack): Document {
  return JSON.parse(Testing.synth(stack));
}

/** The only resource of a type. */
export function only(document: Document, type: string): Document {
  const resources = Object.values(document.resource[type]);
  expect(resources).toHaveLength(1);
  return resources[0];
}

/** The provisioner of the only null_resource. */
export function localExec(document: Document): Document {
  const { provisioner } = only(document, "null_resource");
  expect(provisioner).toHaveLength(1);
  return provisioner[0]["local-exec"];
}
