import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import { type App, TerraformOutput, type TerraformStack } from "cdktf";
import { LeakGuard, OauthClient } from "../../../constructs";
import { newApp, newStack, template } from "../synth";
import { findings } from "./guarded";

const because = "the partner's importer reads the state until March; see OPS-412";

function leaky(app: App = newApp()): TerraformStack {
  const stack = newStack(app);
  LeakGuard.of(stack);
  const client = new OauthClient(stack, "legacy", {
    name: "x",
    authorizedGrantType: "CODE",
    exposeClientSecret: true,
  });
  new TerraformOutput(stack, "out", { value: [client.id, client.clientSecret] });
  return stack;
}

test("only what was accepted, and all of that, passes", () => {
  const stack = leaky();
  const guard = LeakGuard.of(stack);
  guard.acceptThatThisSecretLeaks({ path: "dev/legacy", attribute: "expose_client_secret", because });
  expect(findings(stack)).toEqual([expect.stringContaining("dev/out: value[1]")]);
  guard.acceptThatThisSecretLeaks({ path: "dev/out", attribute: "value[1]", because });
  expect(findings(stack)).toEqual([]);
});

test("an accepted leak may be said to the guard of the app", () => {
  const app = newApp();
  const stack = leaky(app);
  const guard = LeakGuard.of(app);
  expect(guard).not.toBe(LeakGuard.of(stack));
  for (const [path, attribute] of [
    ["dev/legacy", "expose_client_secret"],
    ["dev/out", "value[1]"],
  ] as const) {
    guard.acceptThatThisSecretLeaks({ path, attribute, because });
  }
  expect(findings(stack)).toEqual([]);
});

test.each([
  ["dev", "expose_client_secret"],
  ["dev/legacy", "client_secret"],
  ["dev/*", "*"],
  ["legacy", "expose_client_secret"],
])("a leak accepted for the place %s, %s is not accepted elsewhere", (path, attribute) => {
  const stack = leaky();
  LeakGuard.of(stack).acceptThatThisSecretLeaks({ path, attribute, because });
  expect(findings(stack)).toHaveLength(2);
});

test.each(["path", "attribute", "because"])("the field %s is required", (prop) => {
  const leak = { path: "dev/legacy", attribute: "expose_client_secret", because };
  const accept = (value: unknown) => () =>
    LeakGuard.of(leaky()).acceptThatThisSecretLeaks({ ...leak, [prop]: value as string });
  for (const value of ["", "  ", undefined, true]) {
    expect(accept(value)).toThrow(`acceptThatThisSecretLeaks: ${prop} must be a string that is not blank.`);
  }
});

test("an accepted leak covers the place, whatever leaks there", () => {
  process.env.VAULT_TOKEN = "s3cr3t-value";
  const stack = newStack();
  const guard = LeakGuard.of(stack);
  new NullResource(stack, "r", {
    triggers: { a: `s3cr3t-value ${template("genesyscloud_oauth_client.x.client_secret")}` },
  });
  expect(findings(stack)).toHaveLength(2);
  guard.acceptThatThisSecretLeaks({ path: "dev/r", attribute: "triggers.a", because });
  expect(findings(stack)).toEqual([]);
  delete process.env.VAULT_TOKEN;
});
