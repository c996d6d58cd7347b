import { TerraformProvider, type TerraformStack, TerraformVariable } from "cdktf";
import { GenesyscloudProvider } from "../../../constructs";
import { template } from "../synth";
import { findings, guarded } from "./guarded";

function withProvider(config: object): TerraformStack {
  const stack = guarded();
  new GenesyscloudProvider(stack, "acme", { alias: "acme", ...config });
  return stack;
}

const auth = (password: string) => [{ auth: { username: "me", password } }];

test.each([
  [
    "oauthclientSecret",
    { oauthclientSecret: "hunter2" },
    "oauthclient_secret",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET",
  ],
  ["a token", { accessToken: "hunter2" }, "access_token", "GENESYSCLOUD_ACCESS_TOKEN"],
  [
    "a proxy's password",
    { proxy: { auth: { password: "hunter2" } } },
    "password",
    "GENESYSCLOUD_PROXY_AUTH_PASSWORD",
  ],
  ["a gateway's password", { gateway: auth("hunter2") }, "password", "GENESYSCLOUD_GATEWAY_AUTH_PASSWORD"],
  [
    "a variable",
    { oauthclientSecret: template("var.secret") },
    "oauthclient_secret",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET",
  ],
  ["sdk_debug", { sdkDebug: true }, "sdk_debug", "Leave it out."],
  ["sdk_debug of a variable", { sdkDebug: template("var.debug") }, "sdk_debug", "Leave it out."],
])("a provider block with %s is refused", (_, config, attribute, remedy) => {
  const found = findings(withProvider(config));
  expect(found).toEqual([
    expect.stringMatching(new RegExp(`^- dev/acme: \\S*${attribute} must not be set: .*${remedy}`)),
  ]);
  expect(found.join()).not.toContain("hunter2");
});

test.each([
  ["nothing", {}],
  ["a region and an id", { awsRegion: "eu-west-1", oauthclientId: "an-id" }],
  ["sdkDebug false", { sdkDebug: false }],
  ["a path for the log that is not written", { sdkDebugFilePath: "x.log", sdkDebugFormat: "Json" }],
  ["a proxy without a password", { proxy: { host: "proxy", port: "1", auth: { username: "me" } } }],
  ["an empty gateway", { gateway: [{}] }],
])("a provider block with %s passes", (_, config) => {
  expect(findings(withProvider(config))).toEqual([]);
});

describe("a variable that no plan keeps", () => {
  function withVariable(more: Record<string, unknown>, secret = template("var.given")): string[] {
    const stack = withProvider({ oauthclientSecret: secret });
    const variable = new TerraformVariable(stack, "given", { sensitive: true });
    for (const [name, value] of Object.entries(more)) variable.addOverride(name, value);
    return findings(stack);
  }

  test("passes", () => expect(withVariable({ ephemeral: true })).toEqual([]));
  test.each([
    ["only sensitive", {}],
    ["with a default", { ephemeral: true, default: "hunter2" }],
  ])("a provider block with %s is refused", (_, more) => expect(withVariable(more)).toHaveLength(1));
  test("in a longer text is refused", () => {
    expect(withVariable({ ephemeral: true }, `x${template("var.given")}`)).toHaveLength(1);
  });
});

test.each([
  [
    "an override of the provider",
    (stack: TerraformStack) => {
      (stack.node.findChild("genesyscloud") as GenesyscloudProvider).addOverride("access_token", "x");
    },
    "dev/genesyscloud: access_token",
  ],
  [
    "an override of the stack",
    (stack: TerraformStack) => {
      stack.addOverride("provider.genesyscloud.0.access_token", "x");
    },
    "dev/genesyscloud: access_token",
  ],
  [
    "a dynamic block",
    (stack: TerraformStack) => {
      stack.addOverride("provider.genesyscloud", [
        { dynamic: { proxy: { content: { auth: { password: "x" } } } } },
      ]);
    },
    "password",
  ],
  [
    "another name for the provider",
    (stack: TerraformStack) => {
      stack.addOverride("terraform.required_providers.gc", {
        source: "registry.terraform.io/mypurecloud/genesyscloud",
      });
      stack.addOverride("provider.gc", [{ oauthclient_secret: "x" }]);
    },
    "dev: provider.gc[0].oauthclient_secret",
  ],
])("a provider block with %s is refused", (_, set, seen) => {
  const stack = guarded();
  set(stack);
  expect(findings(stack)).toEqual([expect.stringContaining(seen)]);
});

test("another provider may have such attributes", () => {
  const stack = guarded();
  const other = new (class Acme extends TerraformProvider {})(stack, "acme", {
    terraformResourceType: "acme",
  });
  other.addOverride("access_token", template("var.token"));
  other.addOverride("sdk_debug", true);
  expect(findings(stack)).toEqual([]);
});
