import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Certificate, missingOpenssl, selfSigned } from "../../../helpers/certificate";
import { describeUnlessMissing } from "../../../helpers/engines";
import { failed } from "../../../helpers/vault/answer";
import { DATA_PATH, POLICY } from "../../../helpers/vault/fixture";
import { VaultRotation } from "../../../helpers/vault/rotation";
import type { NewToken } from "../../../helpers/vault/token-book";

let rotation: VaultRotation;

beforeEach(async () => {
  rotation = await VaultRotation.start();
});

afterEach(() => rotation.close());

const withToken = (token: NewToken): Record<string, string> => ({
  VAULT_TOKEN: rotation.store.vault.tokens.issue(token).id,
});

describe("the token", () => {
  test.each<[string, NewToken, string]>([
    [
      "lacks create",
      { rules: { [DATA_PATH]: ["update", "read"] } },
      `not allowed to write ${DATA_PATH} (403)`,
    ],
    ["may only write", { rules: { [DATA_PATH]: ["create", "update"] } }, `not allowed reading ${DATA_PATH}`],
    ["may do it elsewhere", { rules: { "secret/data/other": ["read"] } }, `not allowed reading ${DATA_PATH}`],
    ["may do nothing there", { rules: {} }, "no secrets engine is mounted there in which the token has any"],
    [
      "is without the default policy",
      { rules: { ...POLICY, "auth/token/lookup-self": [] } },
      'or without the policy "default"',
    ],
  ])("ends with 6 when it %s", async (_title, token, reason) => {
    rotation.expectRefused(await rotation.regenerate(withToken(token)), reason);
  });

  test.each([
    ["root", {}],
    ["one with a wildcard", { rules: { "secret/*": ["create", "read", "update", "delete", "list"] } }],
    ["one with just enough life and uses", { rules: POLICY, ttl: 600, uses: 12 }],
    ["one that may not ask what it may", { rules: { ...POLICY, "sys/capabilities-self": [] } }],
  ])("may be %s", async (_title, token) => {
    rotation.expectStored(await rotation.regenerate(withToken(token)));
  });

  test("needs only the right to read to verify and to run", async () => {
    rotation.expectStored(await rotation.regenerate());
    const reader = withToken({ rules: { [DATA_PATH]: ["read"] } });
    const { code } = await rotation.run(["verify", "--store", rotation.store.uri], reader);
    expect(code).toBe(0);
  });
});

describe("the mount", () => {
  const root = (): Record<string, string> => withToken({});

  test.each(["vault:kv/team/genesys/orders", "vault:kv%2Fteam/genesys/orders"])(
    "its name may hold slashes: %s",
    async (uri) => {
      const mount = rotation.store.vault.mountKv2("kv/team/");
      const result = await rotation.regenerate(root(), uri);
      expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
      expect(mount.latest("genesys/orders")?.client_id).toBe(rotation.client.id);
    },
  );

  test("a path may hold what a URL reserves", async () => {
    const result = await rotation.regenerate(root(), "vault:secret/a%20b/%C3%BC%3F%25");
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    expect(rotation.store.mount.latest("a b/ü?%")?.client_id).toBe(rotation.client.id);
  });

  test.each([
    [
      "vault:secret/data/genesys/orders",
      "vault:secret/genesys/orders",
      "vault:secret%2F/data/genesys/orders",
    ],
    ["vault:kv/team/data/a%20b", "vault:kv%2Fteam/a%20b", "vault:kv%2Fteam/data/a%20b"],
  ])("ends with 6 for the path of the API, and names the right URI: %s", async (uri, meant, literal) => {
    const mount = rotation.store.vault.mountKv2("kv/team/");
    const result = await rotation.regenerate(root(), uri);
    rotation.expectRefused(
      result,
      `write ${meant}, or, for an entry whose path really begins with data/, ${literal}.`,
    );
    for (const right of [meant, literal]) {
      const { code, stderr } = await rotation.regenerate(root(), right);
      expect({ code, stderr }).toMatchObject({ code: 0 });
    }
    const at = uri.startsWith("vault:kv") ? mount : rotation.store.mount;
    const path = decodeURIComponent(uri.replace(/^vault:(secret|kv\/team)\/data\//, ""));
    for (const each of [path, `data/${path}`]) expect(at.latest(each)?.client_id).toBe(rotation.client.id);
  });

  test("ends with 6 for an explicit name that is not the mount's", async () => {
    rotation.store.vault.mountKv2("kv/");
    const result = await rotation.regenerate(root(), "vault:kv%2Fteam/orders");
    rotation.expectRefused(result, 'what is mounted there is "kv", not "kv/team"');
  });

  test.each([
    ["version 1", "kv", { version: "1" }, "vault kv enable-versioning old)"],
    ["version 1 that does not say so", "kv", null, '"old" is a KV version 1 secrets engine'],
    ["the first of all", "generic", null, '"old" is a KV version 1 secrets engine'],
    ["no KV at all", "transit", null, 'of the type "transit", not KV version 2'],
  ])("ends with 6 for %s", async (_title, type, options, reason) => {
    rotation.store.vault.mount("old/", type, options);
    rotation.expectRefused(await rotation.regenerate(root(), "vault:old/orders"), reason);
  });

  test("ends with 6 when there is none", async () => {
    rotation.expectRefused(await rotation.regenerate(root(), "vault:nowhere/orders"), "is mounted there");
  });

  test.each([
    ["vault:secret", "it needs a mount and a path"],
    ["vault:secret/", "may be empty"],
    ["vault:secret/../sys", 'may be empty, "." or ".."'],
    ["vault:secret/a%2Fb", "only the mount's own name may hold slashes"],
    ["vault:secret/%0a", "hides a control character"],
  ])("ends with 2 for %s", async (uri, reason) => {
    rotation.expectRefused(await rotation.regenerate({}, uri), reason, 2);
  });
});

describe("namespaces", () => {
  test("hold an entry of their own", async () => {
    const mount = rotation.store.vault.mountKv2("secret/", "team/");
    const inside = { VAULT_NAMESPACE: "team", ...withToken({ rules: POLICY, namespace: "team/" }) };
    const result = await rotation.regenerate(inside);
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    expect(mount.latest("genesys/orders")?.client_id).toBe(rotation.client.id);
    expect(rotation.store.readSecret()).toBeUndefined();
  });

  test("end with 6 when one is not there", async () => {
    const nowhere = { VAULT_NAMESPACE: "nowhere", ...withToken({}) };
    rotation.expectRefused(await rotation.regenerate(nowhere), "has no such VAULT_NAMESPACE");
  });

  test("end with 6 for a token of another one", async () => {
    const foreign = withToken({ rules: POLICY, namespace: "team/" });
    rotation.expectRefused(await rotation.regenerate(foreign), "of another VAULT_NAMESPACE");
  });
});

describe("the server", () => {
  test.each([
    ["no address", "", "VAULT_ADDR is not set"],
    ["no URL", "vault.example", "VAULT_ADDR is not a URL"],
    ["plain http to elsewhere", "http://vault.example:8200", "plain http goes to this machine only"],
    ["credentials in the address", "https://me:hunter2@vault.example", "holds a user name or a password"],
  ])("ends with 6 for %s", async (_title, address, reason) => {
    const result = await rotation.regenerate({ VAULT_ADDR: address });
    rotation.expectRefused(result, reason);
    expect(result.stderr).not.toContain("hunter2");
  });

  test("ends with 6 when it stays sealed", async () => {
    rotation.store.vault.interfere = () => ({ answer: failed(503, "Vault is sealed") });
    const result = await rotation.regenerate();
    rotation.expectRefused(result, "it answered 503: sealed, overloaded, or not ready");
    expect(result.stderr).toContain("trying again");
  });

  test.each([429, 502, 503, 412])("a %i before the call is waited out", async (status) => {
    let times = 2;
    rotation.store.vault.interfere = () => (times-- > 0 ? { answer: failed(status) } : undefined);
    rotation.expectStored(await rotation.regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "120" }));
  });

  test("ends with 6 when something else than a Vault answers", async () => {
    rotation.store.gate.answer(200, "<html>");
    rotation.expectRefused(await rotation.regenerate(), "its answer (200) is not JSON");
    rotation.store.gate.answerHuge();
    rotation.expectRefused(await rotation.regenerate(), "its answer is larger than 1 MB");
    rotation.store.gate.answer(200, "{}");
    rotation.expectRefused(await rotation.regenerate(), "VAULT_ADDR is no Vault or OpenBao");
  });
});

describeUnlessMissing(missingOpenssl, "TLS", () => {
  let certificate: Certificate;
  beforeAll(() => {
    certificate = selfSigned();
  });

  test("VAULT_CACERT trusts the authority", async () => {
    const file = join(rotation.folder, "ca.pem");
    writeFileSync(file, certificate.cert);
    const tls = await rotation.store.serveTls(certificate);
    const result = await rotation.regenerate({ ...tls, VAULT_CACERT: file });
    rotation.expectStored(result);
    expect(result.stderr).not.toContain("Warning");
  });

  test("VAULT_SKIP_VERIFY trusts anybody, and is warned of", async () => {
    const tls = await rotation.store.serveTls(certificate);
    const result = await rotation.regenerate({ ...tls, VAULT_SKIP_VERIFY: "true" });
    rotation.expectStored(result);
    expect(result.stderr).toContain("the server's certificate is NOT checked");
  });

  test.each([
    ["no certificate", { VAULT_CACERT: "./ca.pem" }, "which holds no certificate (PEM)"],
    ["no file", { VAULT_CACERT: "./none.pem" }, "which cannot be read (ENOENT)"],
    ["no yes or no", { VAULT_SKIP_VERIFY: "maybe" }, "VAULT_SKIP_VERIFY must be true or false"],
    ["a no", { VAULT_SKIP_VERIFY: "0" }, "its certificate is not trusted"],
  ])("ends with 6 for %s", async (_title, variables, reason) => {
    writeFileSync(join(rotation.folder, "ca.pem"), "not a certificate");
    const tls = await rotation.store.serveTls(certificate);
    rotation.expectRefused(await rotation.regenerate({ ...tls, ...variables }), reason);
  });
});
