import { TerraformOutput, Testing } from "cdktf";
import { SecretStore, SecureOAuthClient, type SecureOAuthClientProps } from "../../constructs";
import { newStack, only, someStore, synth } from "./synth";

/** What a stack with one client synthesizes to. */
function orders(props: Partial<SecureOAuthClientProps>) {
  const stack = newStack();
  const store = SecretStore.file("./secrets/orders.json");
  const client = new SecureOAuthClient(stack, "orders", { name: "orders", stores: [store], ...props });
  return { stack, client, document: synth(stack) };
}

describe('`runner: "terraform_data"`', () => {
  const as = (runner: SecureOAuthClientProps["runner"]) => orders({ runner, onDestroy: "remove" }).document;
  const [before, after] = [as("null_resource"), as("terraform_data")];

  test("needs no null provider", () => {
    expect(after.resource.null_resource).toBeUndefined();
    expect(Object.keys(after.provider)).toEqual(["genesyscloud"]);
    expect(Object.keys(after.terraform.required_providers)).toEqual(["genesyscloud"]);
  });

  test("changes the type and the trigger's name: nothing else", () => {
    const translated = Object.fromEntries(
      Object.entries<{ triggers: object }>(before.resource.null_resource).map(
        ([id, { triggers, ...rest }]) => [id, { ...rest, triggers_replace: triggers }],
      ),
    );
    const text = JSON.stringify(translated).replaceAll("self.triggers.", "self.triggers_replace.");
    expect(after.resource.terraform_data).toEqual(JSON.parse(text));
    expect(Object.keys(translated)).toHaveLength(2);
    expect(after.resource.genesyscloud_oauth_client).toEqual(before.resource.genesyscloud_oauth_client);
  });

  test("moves each null_resource that may stand in the state", () => {
    const ids = Object.keys(before.resource.null_resource);
    expect(after.moved).toHaveLength(ids.length);
    expect(after.moved).toEqual(
      expect.arrayContaining(ids.map((id) => ({ from: `null_resource.${id}`, to: `terraform_data.${id}` }))),
    );
    expect(before.moved).toBeUndefined();
  });

  test("says the same in HCL", () => {
    const { stack } = orders({ runner: "terraform_data" });
    const hcl = Testing.synthHcl(stack);
    expect(hcl).toMatch(
      /moved {\s+from = null_resource\.(orders_regeneration_\w+)\s+to = terraform_data\.\1\s+}/,
    );
    expect(hcl).toMatch(/triggers_replace = {[^}]*\}[^}]*rotation = "on-client-change"/);
  });

  test("is what `regeneration` is, with an id to refer to", () => {
    const { stack, client } = orders({ runner: "terraform_data" });
    new TerraformOutput(stack, "regeneration", { value: client.regeneration.id });
    expect(synth(stack).output.regeneration.value).toMatch(
      /^\$\{terraform_data\.orders_regeneration_\w+\.id\}$/,
    );
  });
});

test("without it, and with its default, the resource is a null_resource", () => {
  expect(only(orders({}).document, "null_resource")).toEqual(
    only(orders({ runner: "null_resource" }).document, "null_resource"),
  );
});

test("one stack may hold both", () => {
  const { stack } = orders({ runner: "terraform_data" });
  new SecureOAuthClient(stack, "other", { name: "other", stores: [someStore()] });
  const document = synth(stack);
  expect(Object.keys(document.resource).sort()).toEqual([
    "genesyscloud_oauth_client",
    "null_resource",
    "terraform_data",
  ]);
  expect(Object.keys(document.terraform.required_providers).sort()).toEqual(["genesyscloud", "null"]);
});

test("another type is refused", () => {
  expect(() => orders({ runner: "local_file" as never })).toThrow(
    'orders: runner must be "null_resource" or "terraform_data", got "local_file".',
  );
});
