import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Aspects, type IAspect, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { LeakGuard, OauthClient, SecureOAuthClient } from "../../../constructs";
import { newStack, someStore, synth } from "../synth";

const FORBIDDEN = [
  "client_secret",
  "expose_client_secret",
  "directory_client_secret",
  "integration_credential_name",
];

function orders(stack = newStack()): SecureOAuthClient {
  return new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()] });
}

function refusal(attribute: string): string {
  return `dev/orders/client: ${attribute} must not be set, by an override either: `;
}

describe.each(FORBIDDEN)("%s", (attribute) => {
  const property = attribute.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

  test("is refused as an override", () => {
    const stack = newStack();
    orders(stack).client.addOverride(attribute, "hunter2");
    expect(() => synth(stack)).toThrow(refusal(attribute));
    expect(() => Testing.synthHcl(stack)).toThrow(refusal(attribute));
  });

  test.each([false, null, ""])("is refused as an override to %j, too", (value) => {
    const stack = newStack();
    orders(stack).client.addOverride(attribute, value);
    expect(() => synth(stack)).toThrow(refusal(attribute));
  });

  test("is refused as an override of the stack", () => {
    const stack = newStack();
    const { client } = orders(stack);
    stack.addOverride(
      `resource.genesyscloud_oauth_client.${client.friendlyUniqueId}.${attribute}`,
      "hunter2",
    );
    expect(() => synth(stack)).toThrow(refusal(attribute));
  });

  test("is refused by its setter", () => {
    const stack = newStack();
    Object.assign(orders(stack).client, { [property]: "hunter2" });
    expect(() => synth(stack)).toThrow(refusal(attribute));
  });

  test("is refused when an aspect sets it in an app that skips validations: nothing is written", () => {
    const outdir = mkdtempSync(join(tmpdir(), "guard-"));
    const app = new App({ outdir, skipValidation: true });
    const stack = newStack(app);
    orders(stack);
    const aspect: IAspect = {
      visit: (node) => {
        if (node instanceof OauthClient) Object.assign(node, { [property]: "hunter2" });
      },
    };
    Aspects.of(stack).add(aspect);
    expect(() => app.synth()).toThrow(refusal(attribute));
    const written = readdirSync(outdir, { recursive: true, encoding: "utf8" });
    expect(written.filter((file) => file.endsWith("cdk.tf.json"))).toEqual([]);
    rmSync(outdir, { recursive: true });
  });
});

test("the message does not show the value", () => {
  const stack = newStack();
  orders(stack).client.addOverride("client_secret", "hunter2");
  expect(() => synth(stack)).not.toThrow("hunter2");
});

test.each([
  ["the getter", (client: OauthClient) => client.clientSecret],
  ["getStringAttribute", (client: OauthClient) => client.getStringAttribute("client_secret")],
  ["the whole client", (client: OauthClient) => client.fqn],
])("the secret cannot be referred to by %s", (_, refer) => {
  const stack = newStack();
  const { client } = orders(stack);
  new TerraformOutput(stack, "leak", { value: refer(client), sensitive: true });
  expect(() => synth(stack)).toThrow("- dev/leak: value refers to the ");
});

test("the secret cannot be referred to from another stack", () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), "guard-")) });
  const { client } = orders(newStack(app));
  const other = new TerraformStack(app, "other");
  new TerraformOutput(other, "leak", { value: client.clientSecret, sensitive: true });
  expect(() => app.synth()).toThrow(/dev\/cross-stack-output-\S+: value refers to the secret of /);
  rmSync(app.outdir, { recursive: true });
});

test("an own client's leak cannot be accepted", () => {
  const stack = newStack();
  const { client } = orders(stack);
  client.addOverride("expose_client_secret", true);
  new TerraformOutput(stack, "leak", { value: client.clientSecret });
  const because = "we want it";
  LeakGuard.of(stack).acceptThatThisSecretLeaks({
    path: client.node.path,
    attribute: "expose_client_secret",
    because,
  });
  LeakGuard.of(stack).acceptThatThisSecretLeaks({ path: "dev/leak", attribute: "value", because });
  expect(() => synth(stack)).toThrow(refusal("expose_client_secret"));
  expect(() => synth(stack)).toThrow("dev/leak: value refers to the secret");
});

test("harmless overrides of an own client pass", () => {
  const stack = newStack();
  const { client } = orders(stack);
  client.addOverride("state", "inactive");
  stack.addOverride("terraform.required_version", ">= 1.5");
  expect(JSON.stringify(synth(stack))).toContain('"state":"inactive"');
});
