import { Aspects, type TerraformStack } from "cdktf";
import { OauthClient } from "../../../constructs";
import { template } from "../synth";
import { findings, guarded, resource } from "./guarded";

const FORBIDDEN = [
  "client_secret",
  "expose_client_secret",
  "directory_client_secret",
  "integration_credential_name",
] as const;

const GRANT = { name: "legacy", authorizedGrantType: "CLIENT-CREDENTIALS" };

function legacy(stack: TerraformStack, more: object = {}): OauthClient {
  const client = new OauthClient(stack, "legacy", { ...GRANT, ...more });
  client.overrideLogicalId("legacy");
  return client;
}

/** The ways to set an attribute of a client that is not a SecureOAuthClient's. */
const WAYS: Record<string, (stack: TerraformStack, attribute: string, value: unknown) => void> = {
  "a prop": (stack, attribute, value) => {
    legacy(stack, { [attribute.replace(/_(.)/g, (_, letter) => letter.toUpperCase())]: value });
  },
  "an override": (stack, attribute, value) => legacy(stack).addOverride(attribute, value),
  "an escape hatch": (stack, attribute, value) => {
    legacy(stack);
    (stack.node.findChild("legacy") as OauthClient).addOverride(attribute, value);
  },
  "an aspect": (stack, attribute, value) => {
    legacy(stack);
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof OauthClient) node.addOverride(attribute, value);
      },
    });
  },
  "an override of the stack": (stack, attribute, value) => {
    legacy(stack);
    stack.addOverride(`resource.genesyscloud_oauth_client.legacy.${attribute}`, value);
  },
  "another class": (stack, attribute, value) => {
    resource(stack, "genesyscloud_oauth_client", "legacy", { [attribute]: value });
  },
};

describe.each(Object.keys(WAYS))("by %s", (way) => {
  const set = WAYS[way] as (typeof WAYS)[string];

  test.each(FORBIDDEN)("the attribute %s is refused", (attribute) => {
    const stack = guarded();
    set(stack, attribute, attribute === "expose_client_secret" ? true : "hunter2");
    expect(findings(stack)).toEqual([
      expect.stringMatching(
        `^- dev/legacy: ${attribute} must not be set, by an override either: .+\\. Leave it out, and let SecureOAuthClient `,
      ),
    ]);
  });

  test.each(["description", "state"])("the attribute %s passes", (attribute) => {
    const stack = guarded();
    set(stack, attribute, "client_secret and expose_client_secret");
    expect(findings(stack)).toEqual([]);
  });
});

test.each([true, "true", 1, template("var.expose"), [], {}])(
  "expose_client_secret: %j is refused",
  (value) => {
    const stack = guarded();
    legacy(stack).addOverride("expose_client_secret", value);
    expect(findings(stack)).toHaveLength(1);
  },
);

test.each([false, "false", null])("expose_client_secret: %j is what the provider does anyway", (value) => {
  const stack = guarded();
  legacy(stack).addOverride("expose_client_secret", value);
  expect(findings(stack)).toEqual([]);
});

test.each([
  ["an object", { legacy: { client_secret: "x" } }],
  ["a list of them", [{ other: {} }, { legacy: [{ client_secret: "x" }] }]],
])("a resource that no construct made, as %s", (_, resources) => {
  const stack = guarded();
  stack.addOverride("resource.genesyscloud_oauth_client", resources);
  expect(findings(stack)).toEqual([
    expect.stringMatching(/^- dev: resource\.genesyscloud_oauth_client\S+client_secret must not be set/),
  ]);
});

test("the data source and other resources may have attributes of that name", () => {
  const stack = guarded();
  stack.addOverride("data.genesyscloud_oauth_client.x.client_secret", "x");
  resource(stack, "acme_client", "other", { expose_client_secret: true, client_secret: "x" });
  expect(findings(stack)).toEqual([]);
});

test("everything that is wrong stands in one error", () => {
  const stack = guarded();
  legacy(stack, { exposeClientSecret: true, directoryClientSecret: "/tmp" });
  resource(stack, "genesyscloud_oauth_client", "other", { client_secret: "x" });
  expect(findings(stack).map((line) => line.split(" ", 3).join(" "))).toEqual([
    "- dev/legacy: expose_client_secret",
    "- dev/legacy: directory_client_secret",
    "- dev/other: client_secret",
  ]);
});
