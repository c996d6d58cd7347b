import { Fn, TerraformLocal, type TerraformStack, TerraformVariable } from "cdktf";
import { template } from "../synth";
import { findings, guarded, resource } from "./guarded";

function credential(fields: unknown): TerraformStack {
  const stack = guarded();
  new TerraformVariable(stack, "given", { sensitive: true });
  new TerraformVariable(stack, "defaulted", { default: "hunter2" });
  new TerraformLocal(stack, "literal", "hunter2");
  new TerraformLocal(stack, "passed_on", template("local.literal"));
  new TerraformLocal(stack, "from_outside", template("var.given"));
  new TerraformLocal(stack, "circular", template("local.circular"));
  resource(stack, "genesyscloud_integration_credential", "c", {
    name: "c",
    credential_type_name: "pureCloudOAuthClient",
    fields,
  });
  return stack;
}

test.each([
  ["a text", { clientId: "an-id", clientSecret: "hunter2" }],
  ["a text in an expression", { clientSecret: template('"hunter2"') }],
  ["a text in a function", { clientSecret: template('sensitive("hunter2")') }],
  ["a number", { password: 12345678 }],
  ["a password", { userName: "me", password: "hunter2" }],
  ["a field of which the guard knows nothing", { pin: "1234" }],
  ["a field that only looks like an id", { secretId: "hunter2" }],
  ["a local that holds it", { clientSecret: template("local.literal") }],
  ["a local of a local", { clientSecret: template("local.passed_on") }],
  ["a variable with a default", { clientSecret: template("var.defaulted") }],
  ["a token of CDKTF's", { clientSecret: Fn.sensitive("hunter2") }],
  ["an escape, which is a text", { clientSecret: `$${template("var.given")}` }],
])("a credential field set to %s is refused", (_, fields) => {
  expect(findings(credential(fields))).toEqual([
    expect.stringMatching(/^- dev\/c: fields\.\w+ holds a secret that is written down: /),
  ]);
});

test("all fields in one expression are refused", () => {
  const fields = template('{ clientId = "an-id", clientSecret = "hunter2" }');
  expect(findings(credential(fields))).toEqual([expect.stringContaining("- dev/c: fields holds a secret")]);
});

test("the secret is not shown", () => {
  expect(findings(credential({ clientSecret: "hunter2" })).join()).not.toContain("hunter2");
});

test.each([
  ["a variable from outside", { clientId: "an-id", clientSecret: template("var.given") }],
  ["a local of it", { clientSecret: template("local.from_outside") }],
  ["a data source", { clientSecret: template("data.vault_generic_secret.x.data.secret") }],
  ["a local that Terraform will refuse", { clientSecret: template("local.circular") }],
  [
    "ids, names and addresses",
    { clientId: "a", userName: "b", loginUrl: "https://example.com", roleArn: "c" },
  ],
  ["nothing", { clientSecret: "" }],
  ["all fields in one expression", template('{ clientId = "an-id", clientSecret = var.given }')],
  ["all fields of a variable", template("var.given")],
])("a credential field set to %s passes", (_, fields) => {
  expect(findings(credential(fields))).toEqual([]);
});

test("another resource's fields pass", () => {
  const stack = guarded();
  resource(stack, "acme_credential", "c", { fields: { clientSecret: "hunter2" } });
  expect(findings(stack)).toEqual([]);
});
