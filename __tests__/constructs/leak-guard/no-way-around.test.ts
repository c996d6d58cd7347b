import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Aspects, TerraformOutput, type TerraformStack, Testing } from "cdktf";
import { LeakGuard, OauthClient, SecureOAuthClient } from "../../../constructs";
import { newStack, someStore, synth, template } from "../synth";
import { leaky, REFUSED } from "./guarded";

const outdir = mkdtempSync(join(tmpdir(), "guard-"));
afterAll(() => rmSync(outdir, { recursive: true }));

function written(): string[] {
  if (!existsSync(outdir)) return [];
  return readdirSync(outdir, { recursive: true, encoding: "utf8" }).filter((file) => /cdk\.tf/.test(file));
}

describe("no way around", () => {
  test.each([
    ["validations are skipped", { skipValidation: true }],
    ["HCL is written", { hclOutput: true }],
    ["nothing is special", {}],
  ])("leads through an app where %s: nothing is written", (_, config) => {
    if ("hclOutput" in config) process.env.SYNTH_HCL_OUTPUT = "true";
    const app = new App({ outdir, ...config });
    const stack = newStack(app);
    delete process.env.SYNTH_HCL_OUTPUT;
    LeakGuard.of(stack);
    leaky(stack);
    expect(() => app.synth()).toThrow(REFUSED);
    expect(written()).toEqual([]);
  });

  test.each([
    ["Testing.synth", (stack: TerraformStack) => Testing.synth(stack)],
    ["Testing.synth with validations", (stack: TerraformStack) => Testing.synth(stack, true)],
    ["Testing.synthHcl", (stack: TerraformStack) => Testing.synthHcl(stack)],
    ["Testing.synthHcl's metadata", (stack: TerraformStack) => Testing.synthHcl(stack, false, true)],
    [
      "Testing.fullSynth",
      (stack: TerraformStack) =>
        readFileSync(join(Testing.fullSynth(stack), "stacks/dev/cdk.tf.json"), "utf8"),
    ],
    ["toTerraform", (stack: TerraformStack) => stack.toTerraform()],
    ["toHclTerraform", (stack: TerraformStack) => stack.toHclTerraform()],
  ])(
    "leads through %s, which gives what it gives without a guard",
    (_, run: (stack: TerraformStack) => unknown) => {
      const stack = newStack();
      LeakGuard.of(stack);
      expect(run(stack)).toEqual(run(newStack()));
      expect(() => run(leaky(stack))).toThrow(REFUSED);
    },
  );

  test.each([
    [
      "a reference",
      template("genesyscloud_oauth_client.x.client_secret"),
      template("genesyscloud_oauth_client.x.id"),
    ],
    ["a known secret", "s3cr3t-value", "another-value"],
  ])("leads through %s that only HCL has", (_, leak, harmless) => {
    process.env.VAULT_TOKEN = "s3cr3t-value";
    const render = (value: string) => {
      const stack = newStack();
      LeakGuard.of(stack);
      const output = new TerraformOutput(stack, "out", { value: "x" });
      output.toHclTerraform = () => ({ output: { out: { value } } });
      return Testing.synthHcl(stack);
    };
    expect(() => render(leak)).toThrow("dev: hcl ");
    expect(render(harmless)).toContain(harmless);
    delete process.env.VAULT_TOKEN;
  });

  test("is needed for HCL of a harmless stack, which passes", () => {
    const stack = newStack();
    const { client } = new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()] });
    new TerraformOutput(stack, "id", { value: client.id, dependsOn: [client] });
    new OauthClient(stack, "next", { name: "n", authorizedGrantType: "CODE", dependsOn: [client] });
    expect(Testing.synthHcl(stack)).toContain("genesyscloud_oauth_client");
  });

  test("leads through an aspect on the stack that comes last", () => {
    const stack = newStack();
    LeakGuard.of(stack);
    const client = new OauthClient(stack, "x", { name: "x", authorizedGrantType: "CODE" });
    Aspects.of(stack).add({ visit: () => client.addOverride("client_secret", "x") });
    expect(() => synth(stack)).toThrow(REFUSED);
  });

  test("leads through what is rendered only now", () => {
    const stack = newStack();
    LeakGuard.of(stack);
    const client = new OauthClient(stack, "x", { name: "x", authorizedGrantType: "CODE" });
    const { toTerraform } = client;
    client.toTerraform = function () {
      this.addOverride("client_secret", "x");
      return toTerraform.call(this);
    };
    expect(() => synth(stack)).toThrow(REFUSED);
  });
});

describe("a stack's methods that somebody replaces", () => {
  function replaced(first: "guard" | "replacement"): () => unknown {
    const stack = newStack();
    if (first === "guard") LeakGuard.of(stack);
    for (const number of [1, 2]) {
      const { toTerraform } = stack;
      stack.toTerraform = () => {
        const document = toTerraform.call(stack) as { output?: object };
        return { ...document, output: { ...document.output, [`leak_${number}`]: { value: leak } } };
      };
    }
    const leak = template("genesyscloud_oauth_client.x.client_secret");
    if (first === "replacement") LeakGuard.of(stack);
    return () => stack.toTerraform();
  }

  test.each(["guard", "replacement"] as const)("are inspected, whether the %s came first or not", (first) => {
    const run = replaced(first);
    for (const number of [1, 2]) expect(run).toThrow(`dev: output.leak_${number}.value refers to the secret`);
  });

  test("cannot be deleted or defined anew unnoticed", () => {
    const stack = newStack();
    LeakGuard.of(stack);
    expect(() => Object.defineProperty(stack, "toTerraform", { value: () => ({}) })).toThrow(TypeError);
    expect(Reflect.deleteProperty(stack, "toTerraform")).toBe(false);
    expect(() => synth(leaky(stack))).toThrow(REFUSED);
  });

  test("inspect again after an error", () => {
    const stack = newStack();
    LeakGuard.of(stack);
    const { toTerraform } = stack;
    stack.toTerraform = () => {
      throw new Error("once");
    };
    expect(() => synth(stack)).toThrow("once");
    stack.toTerraform = toTerraform;
    expect(() => synth(leaky(stack))).toThrow(REFUSED);
  });
});
