import { TerraformOutput } from "cdktf";
import { Duration, Rotation, SecretStore, SecureOAuthClient, TwinOAuthClient } from "../../constructs";
import { type Document, localExec, newStack, only, someStore, synth, template } from "./synth";

const role = { roleId: "role", divisionId: "*" };

test("twins are two clients that differ in their names only, and one regeneration", () => {
  const stack = newStack();
  const twins = new TwinOAuthClient(stack, "orders", {
    name: "orders",
    description: "takes orders",
    roles: [role],
    accessTokenValidity: Duration.hours(1),
    stores: [SecretStore.file("./secrets/twins.json")],
    rotation: Rotation.version("1"),
  });
  new TerraformOutput(stack, "ids", { value: twins.clientIds });
  const document = synth(stack);
  const clients = Object.entries<Document>(document.resource.genesyscloud_oauth_client);
  const [[first, one], [second, two]] = clients as [[string, Document], [string, Document]];
  expect([one.name, two.name]).toEqual(["orders (A)", "orders (B)"]);
  expect({ ...two, name: one.name }).toEqual(one);
  expect(one).toMatchObject({ description: "takes orders", roles: [{ role_id: "role", division_id: "*" }] });

  const ids = [first, second].map((name) => template(`genesyscloud_oauth_client.${name}.id`));
  expect(only(document, "null_resource").triggers).toEqual({
    client_id: ids[0],
    twin_id: ids[1],
    stores: "file:./secrets/twins.json",
    rotation: "version:1",
  });
  expect(localExec(document).environment).toMatchObject({
    TARGET_CLIENT_ID: ids[0],
    TARGET_TWIN_ID: ids[1],
    SECRET_ROTATION: "version:1",
  });
  expect(document.output.ids.value).toEqual(ids);
  expect(twins.storeUris).toEqual(["file:./secrets/twins.json"]);
});

test("the first has the address of a SecureOAuthClient's client, which may become a twin", () => {
  const address = (client: (stack: ReturnType<typeof newStack>) => unknown): string | undefined => {
    const stack = newStack();
    client(stack);
    return Object.keys(synth(stack).resource.genesyscloud_oauth_client)[0];
  };
  const props = () => ({ name: "orders", stores: [someStore()] });
  expect(address((stack) => new TwinOAuthClient(stack, "orders", props()))).toBe(
    address((stack) => new SecureOAuthClient(stack, "orders", props())),
  );
});

test("one client has no trigger and no variable of twins", () => {
  const stack = newStack();
  new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()] });
  expect(JSON.stringify(synth(stack))).not.toMatch(/twin/i);
});

test("what is removed on destroy is each client's own, as it would be alone: one client becomes two, and keeps its document", () => {
  const removals = (construct: typeof TwinOAuthClient | typeof SecureOAuthClient) => {
    const stack = newStack();
    const stores = [SecretStore.file("./secrets/removed.json")];
    new construct(stack, "orders", { name: "orders", stores, onDestroy: "remove" });
    return Object.entries<Document>(synth(stack).resource.null_resource).filter(([name]) =>
      name.includes("removal"),
    );
  };
  const [alone] = removals(SecureOAuthClient);
  const [first, second, ...others] = removals(TwinOAuthClient);
  expect(first).toEqual(alone);
  expect({ ...second?.[1], triggers: first?.[1].triggers }).toEqual(first?.[1]);
  expect(second?.[1].triggers).not.toEqual(first?.[1].triggers);
  expect(others).toEqual([]);
});

test("the leak guard lets neither expose its secret", () => {
  for (const which of [0, 1] as const) {
    const stack = newStack();
    const twins = new TwinOAuthClient(stack, "orders", { name: "orders", stores: [someStore()] });
    twins.clients[which].addOverride("expose_client_secret", false);
    expect(() => synth(stack)).toThrow("expose_client_secret must not be set");
  }
});

describe("a pair of twins", () => {
  const bare = "holds the bare secret, and with twins the client id changes together with it.";
  test.each<[string, SecretStore[], string]>([
    ["a bare value", [someStore(), SecretStore.command(["true"])], bare],
    ["another", [someStore(), SecretStore.fromUri("github-actions:o/r/N")], bare],
    ["what cannot be read", [SecretStore.genesysCredential("x")], "none of the stores can be read back"],
    ["no store", [], "stores must hold at least one store"],
  ])("refuses as stores: %s", (_, stores, message) => {
    expect(() => new TwinOAuthClient(newStack(), "orders", { name: "orders", stores })).toThrow(message);
  });

  test("refuses what it refuses for one client", () => {
    const props = { name: "", stores: [someStore()] };
    expect(() => new TwinOAuthClient(newStack(), "orders", props)).toThrow(
      "dev/orders: name must be a string",
    );
  });

  test("does not refuse a store that only Terraform knows: the program looks at that", () => {
    const uri = template("var.store");
    const stores = [SecretStore.fromUri(uri)];
    const twins = new TwinOAuthClient(newStack(), "orders", { name: "orders", stores });
    expect(twins.storeUris).toEqual([uri]);
  });
});
