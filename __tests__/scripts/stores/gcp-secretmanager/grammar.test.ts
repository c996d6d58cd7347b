import { SecretStore } from "../../../../constructs";
import { identityOf } from "../../../../scripts/stores/identity";
import { parseStoreUri } from "../../../../scripts/stores/uri";

test.each([
  ["gcp-secretmanager:projects/orders-project/secrets/orders_v1?create=true", "orders-project"],
  ["gcp-secretmanager:projects/123456789012/secrets/orders_v1", "123456789012"],
  ["gcp-secretmanager:projects/example.com:orders-project/secrets/orders_v1", "example.com:orders-project"],
])("the URI %s is read", (text, project) => {
  expect(parseStoreUri(text)).toMatchObject({ text, target: [project, "orders_v1"] });
});

test.each([
  ["gcp-secretmanager:orders", "must name a project and a secret"],
  ["gcp-secretmanager:projects/orders-project/secrets/orders/versions/1", "must name a project and a secret"],
  ["gcp-secretmanager:projects/Orders/secrets/orders", "the project is neither"],
  [
    "gcp-secretmanager:projects/orders-project/locations/evil.example/secrets/orders",
    "the location must be a region",
  ],
  ["gcp-secretmanager:projects/orders-project/locations//secrets/orders", "must name a project and a secret"],
  ["gcp-secretmanager:projects/orders-project/secrets/or.ders", "the secret's name must be"],
  [
    "gcp-secretmanager:projects/orders-project/secrets/orders?x=1",
    "known are create, locations, disable_previous, field",
  ],
])("the URI %s is refused", (uri, reason) => {
  expect(() => parseStoreUri(uri)).toThrow(reason);
});

test("a regional secret is another one than that of the same name", () => {
  const uri = "gcp-secretmanager:projects/orders-project/locations/europe-west1/secrets/orders";
  expect(parseStoreUri(uri)).toMatchObject({
    text: uri,
    target: ["orders-project", "orders", "europe-west1"],
  });
  expect(identityOf(parseStoreUri(uri))).not.toBe(identityOf(parseStoreUri(uri.replace("europe", "us"))));
});

test("SecretStore.gcpSecretManager writes it", () => {
  const store = { project: "orders-project", secret: "orders" };
  const uri = "gcp-secretmanager:projects/orders-project/secrets/orders";
  expect(SecretStore.gcpSecretManager(store).uri).toBe(uri);
  expect(SecretStore.gcpSecretManager({ ...store, create: true, disablePrevious: true }).uri).toBe(
    `${uri}?create=true&disable_previous=true`,
  );
  const create = ["europe-west1", "europe-west3"];
  expect(SecretStore.gcpSecretManager({ ...store, create }).uri).toBe(
    `${uri}?create=true&locations=europe-west1%2Ceurope-west3`,
  );
  expect(
    SecretStore.gcpSecretManager({ ...store, location: "europe-west1", field: "client_secret" }).uri,
  ).toBe(
    "gcp-secretmanager:projects/orders-project/locations/europe-west1/secrets/orders?field=client_secret",
  );
  expect(() => SecretStore.gcpSecretManager({ ...store, location: "europe-west1", create })).toThrow(
    "not both",
  );
  expect(() => SecretStore.gcpSecretManager({ ...store, location: "x.y" })).toThrow("is not valid");
  expect(() => SecretStore.gcpSecretManager({ ...store, project: "X" })).toThrow("is not valid");
});
