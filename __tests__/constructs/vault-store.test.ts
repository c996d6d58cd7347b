import { Token } from "cdktf";
import { SecretStore, VaultAuth } from "../../constructs";

const at = { mount: "secret", path: "genesys/orders" };

test.each([
  [at, "vault:secret/genesys/orders"],
  [{ mount: "kv/team", path: "a b/ü?" }, "vault:kv%2Fteam/a%20b/%C3%BC%3F"],
  [{ mount: "secret/", path: "data/orders" }, "vault:secret%2F/data/orders"],
  [{ ...at, field: "password" }, "vault:secret/genesys/orders?field=password"],
  [{ ...at, auth: VaultAuth.token() }, "vault:secret/genesys/orders?auth=token"],
  [{ ...at, auth: VaultAuth.appRole() }, "vault:secret/genesys/orders?auth=approle"],
  [
    { ...at, auth: VaultAuth.appRole("ci/approle") },
    "vault:secret/genesys/orders?auth=approle&auth_mount=ci%2Fapprole",
  ],
  [
    { ...at, auth: VaultAuth.kubernetes({ role: "ci", tokenFile: "/run/token" }) },
    "vault:secret/genesys/orders?auth=kubernetes&role=ci&token_file=%2Frun%2Ftoken",
  ],
  [
    { ...at, auth: VaultAuth.jwt({ role: "ci", mount: "github", audience: "https://vault.example" }) },
    "vault:secret/genesys/orders?audience=https%3A%2F%2Fvault.example&auth=jwt&auth_mount=github&role=ci",
  ],
])("the entry %j gets the URI %s", (props, uri) => {
  expect(SecretStore.vault(props).uri).toBe(uri);
  expect(SecretStore.fromUri(uri).uri).toBe(uri);
});

test.each([
  { mount: "", path: "orders" },
  { mount: "secret", path: "" },
  { mount: "secret//", path: "orders" },
  { mount: "secret", path: "orders/" },
  { mount: "secret", path: "../sys" },
])("the entry %j is refused", (props) => {
  expect(() => SecretStore.vault(props)).toThrow(/^The store URI ".*" is not valid: .*"\."/);
});

test.each([
  [{ mount: "secret/", path: "orders" }, "vault:secret/orders"],
  [{ mount: "secret/", path: "data" }, "vault:secret/data"],
  [{ mount: "kv/team/", path: "data/orders" }, "vault:kv%2Fteam/data/orders"],
])("the slash at the end of the mount of %j is left out where it says nothing: %s", (props, uri) => {
  expect(SecretStore.vault(props).uri).toBe(uri);
});

test("a token may stand for the mount or the path, and for no option", () => {
  const token = Token.asString({ resolve: () => "x" });
  expect(SecretStore.vault({ mount: "kv/team", path: token }).uri).toBe(`vault:kv%2Fteam/${token}`);
  expect(() => SecretStore.vault({ ...at, field: token })).toThrow("takes no token for field");
});
