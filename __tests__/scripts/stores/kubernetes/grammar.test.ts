import { SecretStore } from "../../../../constructs";
import { parseStoreUri } from "../../../../scripts/stores/uri";

test("a URI names a namespace and a Secret", () => {
  const uri = parseStoreUri("kubernetes:default/orders.v1?force=true&context=prod%2Feu");
  expect(uri).toMatchObject({ target: ["default", "orders.v1"] });
  expect(uri.text).toBe("kubernetes:default/orders.v1?context=prod%2Feu&force=true");
});

test.each([
  ["kubernetes:orders", "must name a namespace and a Secret"],
  ["kubernetes:a/b/c", "must name a namespace and a Secret"],
  ["kubernetes:default/", "must name a namespace and a Secret"],
  ["kubernetes:De/orders", "the namespace must be"],
  [`kubernetes:${"a".repeat(64)}/orders`, "the namespace must be"],
  ["kubernetes:default/-orders", "the Secret's name must be"],
  [`kubernetes:default/${"a".repeat(254)}`, "the Secret's name must be"],
  ["kubernetes:default/orders?namespace=x", "known are context, client_id_key, client_secret_key, force"],
])("the URI %s is refused", (uri, reason) => {
  expect(() => parseStoreUri(uri)).toThrow(reason);
});

test("SecretStore.kubernetes writes it", () => {
  expect(SecretStore.kubernetes({ namespace: "default", name: "orders" }).uri).toBe(
    "kubernetes:default/orders",
  );
  expect(
    SecretStore.kubernetes({ namespace: "default", name: "orders", context: "a b", force: true }).uri,
  ).toBe("kubernetes:default/orders?context=a+b&force=true");
  expect(() => SecretStore.kubernetes({ namespace: "Default", name: "orders" })).toThrow("is not valid");
});
