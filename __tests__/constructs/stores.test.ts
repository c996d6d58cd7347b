import { TerraformStack } from "cdktf";
import { SecretStore, SecureOAuthClient } from "../../constructs";
import { newApp, newStack } from "./synth";

function client(stack: TerraformStack, id: string, ...stores: SecretStore[]) {
  return new SecureOAuthClient(stack, id, { name: id, stores });
}

describe("a store of two clients is refused", () => {
  test("in one stack, naming both", () => {
    const stack = newStack();
    client(stack, "a", SecretStore.file("/etc/a.json"), SecretStore.file("./x.json"));
    expect(() => client(stack, "b", SecretStore.file("./y.json"), SecretStore.file("./x.json"))).toThrow(
      "dev/b: stores[1] must be a store of its own, got file:./x.json, which dev/a writes: each would overwrite the other's secret.",
    );
  });

  test("in two stacks of one app", () => {
    const app = newApp();
    client(new TerraformStack(app, "one"), "a", SecretStore.command(["tee", "x"]));
    expect(() => client(new TerraformStack(app, "two"), "a", SecretStore.command(["tee", "x"]))).toThrow(
      'two/a: stores[0] must be a store of its own, got command:["tee","x"], which one/a writes',
    );
  });

  test.each(["x.json", "./y/../x.json", `${process.cwd()}/x.json`])(
    "even in another spelling: %s",
    (path) => {
      const stack = newStack();
      client(stack, "a", SecretStore.file("./x.json"));
      expect(() => client(stack, "b", SecretStore.file(path))).toThrow("which dev/a writes");
    },
  );

  test("but it is accepted in two apps", () => {
    for (let app = 0; app < 2; app++) client(newStack(), "a", SecretStore.file("./x.json"));
  });
});

test("a store named twice by one client is refused", () => {
  expect(() => client(newStack(), "a", SecretStore.file("./x.json"), SecretStore.file("x.json"))).toThrow(
    "dev/a: stores must name each store once, got file:./x.json again at stores[1].",
  );
});

test("stores that hold tokens are left to the program to tell apart", () => {
  const stack = newStack();
  const store = SecretStore.fromUri("file:/etc/$" + "{var.a}.json");
  client(stack, "a", store);
  const other = client(stack, "b", SecretStore.fromUri("file:/etc/$" + "{var.b}.json"));
  expect(other.storeUris).toEqual(["file:/etc/$" + "{var.b}.json"]);
  expect(() => client(stack, "c", store)).toThrow("which dev/a writes");
});
