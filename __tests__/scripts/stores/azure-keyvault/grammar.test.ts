import { SecretStore } from "../../../../constructs";
import { parseStoreUri } from "../../../../scripts/stores/uri";

test("a URI names a vault and a secret; case does not tell them apart", () => {
  const uri = parseStoreUri("azure-keyvault:Orders-Vault/Orders-Secret?suffix=vault.azure.cn");
  expect(uri).toMatchObject({ target: ["orders-vault", "orders-secret"] });
  expect(uri.text).toBe("azure-keyvault:orders-vault/orders-secret?suffix=vault.azure.cn");
});

test.each([
  ["azure-keyvault:orders", "must name a vault and a secret"],
  ["azure-keyvault:vault/a/b", "must name a vault and a secret"],
  ["azure-keyvault:ab/orders", "the vault's name must be"],
  ["azure-keyvault:a--b/orders", "the vault's name must be"],
  ["azure-keyvault:evil.example/orders", "the vault's name must be"],
  ["azure-keyvault:vault/or_ders", "the secret's name must be"],
  ["azure-keyvault:vault/orders?version=1", "known are suffix, field"],
])("the URI %s is refused", (uri, reason) => {
  expect(() => parseStoreUri(uri)).toThrow(reason);
});

test("SecretStore.azureKeyVault writes it", () => {
  const store = { vault: "orders-vault", name: "orders" };
  expect(SecretStore.azureKeyVault(store).uri).toBe("azure-keyvault:orders-vault/orders");
  expect(SecretStore.azureKeyVault({ ...store, suffix: "vault.azure.cn" }).uri).toBe(
    "azure-keyvault:orders-vault/orders?suffix=vault.azure.cn",
  );
  expect(SecretStore.azureKeyVault({ ...store, field: "client_secret" }).uri).toBe(
    "azure-keyvault:orders-vault/orders?field=client_secret",
  );
  expect(() => SecretStore.azureKeyVault({ vault: "x", name: "orders" })).toThrow("is not valid");
});
