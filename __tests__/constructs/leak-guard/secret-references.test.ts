import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import {
  Fn,
  TerraformCount,
  TerraformLocal,
  TerraformOutput,
  type TerraformStack,
  TerraformVariable,
} from "cdktf";
import { template } from "../synth";
import { MANY, withClients, X } from "./clients";
import { findings, resource } from "./guarded";

/** Where a reference can stand: makes one, and says where the guard must see it. */
const PLACES: Record<string, [make: (stack: TerraformStack, text: string) => void, seen: string]> = {
  "an output": [
    (stack, value) => new TerraformOutput(stack, "o", { value: { deep: [value] } }),
    "dev/o: value.deep[0]",
  ],
  "a local": [(stack, value) => new TerraformLocal(stack, "l", { a: value }), "dev/l: a"],
  "a local that is a text": [(stack, value) => new TerraformLocal(stack, "l", value), "dev/l: value"],
  "a variable's validation": [
    (stack, condition) =>
      new TerraformVariable(stack, "v", { validation: [{ condition, errorMessage: "no" }] }),
    "dev/v: validation[0].condition",
  ],
  "a resource": [
    (stack, value) => new NullResource(stack, "r", { triggers: { a: value } }),
    "dev/r: triggers.a",
  ],
  "the key of a map": [
    (stack, value) => new NullResource(stack, "r", { triggers: { [value]: "a" } }),
    "dev/r: triggers.",
  ],
  for_each: [(stack, value) => resource(stack, "acme_thing", "r", { for_each: value }), "dev/r: for_each"],
  "a provisioner's environment": [
    (stack, value) =>
      new NullResource(stack, "r", {
        provisioners: [{ type: "local-exec", command: "true", environment: { S: value } }],
      }),
    "dev/r: provisioner[0].local-exec.environment.S",
  ],
  "a provisioner's command": [
    (stack, value) =>
      new NullResource(stack, "r", { provisioners: [{ type: "local-exec", command: `echo ${value}` }] }),
    "dev/r: provisioner[0].local-exec.command",
  ],
  "a precondition": [
    (stack, value) =>
      resource(stack, "acme_thing", "r", {
        "lifecycle.precondition": [{ condition: true, error_message: value }],
      }),
    "dev/r: lifecycle.precondition[0].error_message",
  ],
  "an integration credential": [
    (stack, value) =>
      resource(stack, "genesyscloud_integration_credential", "c", { fields: { clientSecret: value } }),
    "dev/c: fields.clientSecret",
  ],
  "data that no construct made": [
    (stack, value) => stack.addOverride("data.acme_thing.d.secret", value),
    "dev: data.acme_thing.d.secret",
  ],
  "a module that no construct made": [
    (stack, value) => stack.addOverride("module.m", { source: "./m", secret: value }),
    "dev: module.m.secret",
  ],
  "a block that CDKTF does not know": [
    (stack, value) => stack.addOverride("check.c.assert.error_message", value),
    "dev: check.c.assert.error_message",
  ],
};

describe.each(Object.keys(PLACES))("in %s", (place) => {
  const [make, seen] = PLACES[place] as (typeof PLACES)[string];

  test("the secret is refused", () => {
    const { stack } = withClients();
    make(stack, template(`${X}.client_secret`));
    expect(findings(stack)).toEqual([expect.stringContaining(`- ${seen}`)]);
  });

  test("the id passes", () => {
    const { stack } = withClients();
    make(stack, template(`${X}.id`));
    expect(findings(stack)).toEqual([]);
  });
});

test("tokens of CDKTF are seen as what they become", () => {
  const { stack, client } = withClients();
  new TerraformOutput(stack, "token", { value: client.clientSecret });
  new TerraformOutput(stack, "function", { value: Fn.nonsensitive(Fn.upper(client.clientSecret)) });
  new TerraformOutput(stack, "text", { value: `id ${client.id} secret ${client.clientSecret}` });
  new TerraformOutput(stack, "whole", { value: client.fqn });
  new TerraformOutput(stack, "id", { value: Fn.upper(client.id) });
  expect(findings(stack).map((line) => line.split(" ", 2)[1])).toEqual([
    "dev/token:",
    "dev/function:",
    "dev/text:",
    "dev/whole:",
  ]);
});

describe("self, in a client's own provisioners", () => {
  function withSelf(type: string, expression: string): TerraformStack {
    const { stack } = withClients();
    const command = `echo ${template(expression)}`;
    resource(stack, type, "own", { provisioner: [{ "local-exec": { command } }] });
    return stack;
  }

  test.each(["self.client_secret", 'self["client_secret"]', "jsonencode(self)"])(
    "%s is refused",
    (expression) => {
      expect(findings(withSelf("genesyscloud_oauth_client", expression))).toEqual([
        expect.stringContaining("dev/own: provisioner[0].local-exec.command refers to the "),
      ]);
    },
  );

  test.each(["self.id", "local.self", "var.x.self"])("%s passes", (expression) => {
    expect(findings(withSelf("genesyscloud_oauth_client", expression))).toEqual([]);
  });

  test("of another resource is another's", () => {
    expect(findings(withSelf("acme_client", "self.client_secret"))).toEqual([]);
  });
});

test("each client in a text is named", () => {
  const { stack } = withClients();
  const [secret, whole] = [template(`${X}.client_secret`), template(`jsonencode(${MANY})`)];
  new TerraformOutput(stack, "out", { value: `${secret} ${whole}` });
  expect(findings(stack)).toEqual([
    expect.stringContaining("dev/out: value refers to the secret of genesyscloud_oauth_client.x,"),
    expect.stringContaining("dev/out: value refers to the whole of genesyscloud_oauth_client.many,"),
  ]);
});

test.each(["//", "depends_on", "lifecycle"])("the key %s of a map is like any other", (key) => {
  const { stack } = withClients();
  const secrets = { [key]: { ignore_changes: template(X) } };
  new TerraformLocal(stack, "l", secrets);
  new TerraformOutput(stack, "o", { value: secrets });
  new NullResource(stack, "r", { triggers: { [key]: template(X) } });
  expect(findings(stack)).toHaveLength(3);
});

test("addresses, from which Terraform takes no value, pass", () => {
  const { stack, client } = withClients();
  new NullResource(stack, "after", {
    dependsOn: [client],
    lifecycle: { replaceTriggeredBy: [client.fqn], ignoreChanges: ["triggers"] },
  });
  new TerraformOutput(stack, "out", { value: "x", dependsOn: [client] });
  resource(stack, "acme_thing", "counted-by", { count: TerraformCount.of(2).toTerraform() });
  stack.addOverride("moved", [{ from: "genesyscloud_oauth_client.old", to: X }]);
  expect(findings(stack)).toEqual([]);
});
