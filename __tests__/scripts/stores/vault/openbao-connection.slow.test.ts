import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, missingOpenssl, selfSigned } from "../../../helpers/certificate";
import { describeUnlessMissing } from "../../../helpers/engines";
import { freePort } from "../../../helpers/local-server";
import { oneClient } from "../../../helpers/one-client";
import { missingOpenBao, OpenBao } from "../../../helpers/vault/openbao";

const ENTRY = "genesys/orders";
const POLICY = `path "secret/data/${ENTRY}" { capabilities = ["create", "update", "read"] }
path "auth/token/lookup-self" { capabilities = ["read"] }
`;

describeUnlessMissing(missingOpenBao ?? missingOpenssl, "the ways to a real OpenBao", () => {
  let bao: OpenBao;
  let folder: string;
  let token: string;
  let address: string;
  let server: Certificate;
  let client: Certificate;
  const path = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "openbao-listeners-"));
    [server, client] = [selfSigned(), selfSigned(["DNS:orders.internal"])];
    for (const [name, text] of Object.entries({
      "server.pem": server.cert,
      "server.key": server.key,
      "client.pem": client.cert,
      "client.key": client.key,
    }))
      writeFileSync(path(name), text);
    const port = await freePort();
    address = `https://127.0.0.1:${port}`;
    bao = await OpenBao.start(`
listener "unix" { address = "${path("bao.sock")}" }
listener "tcp" {
  address = "127.0.0.1:${port}"
  tls_cert_file = "${path("server.pem")}"
  tls_key_file = "${path("server.key")}"
  tls_client_ca_file = "${path("client.pem")}"
  tls_require_and_verify_client_cert = true
}
`);
    token = await bao.token("orders", POLICY);
  });
  afterAll(async () => {
    await bao.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => bao.call("DELETE", `secret/metadata/${ENTRY}`));

  const one = oneClient({ environment: () => ({ VAULT_TOKEN: token }), credentials: () => [token] });

  async function expectStored(environment: Readonly<Record<string, string>>): Promise<void> {
    const result = await one.regenerate(`vault:secret/${ENTRY}`, environment);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Read back and logged in") });
    expect(one.accepts((await bao.document(ENTRY))?.client_secret as string)).toBe(true);
  }

  test("a Unix domain socket", () => expectStored({ VAULT_ADDR: `unix://${path("bao.sock")}` }));

  describe("a listener that wants a client certificate", () => {
    const trusting = (): Record<string, string> => ({
      VAULT_ADDR: address,
      VAULT_CACERT: path("server.pem"),
    });

    test.each(["VAULT", "BAO"])("gets that of %s_CLIENT_CERT and _CLIENT_KEY", (prefix) =>
      expectStored({
        ...trusting(),
        [`${prefix}_CLIENT_CERT`]: path("client.pem"),
        [`${prefix}_CLIENT_KEY`]: path("client.key"),
      }),
    );

    test.each([
      ["none", {}],
      ["one that it does not know", { VAULT_CLIENT_CERT: "server.pem", VAULT_CLIENT_KEY: "server.key" }],
    ])("ends a run with 6 that shows %s", async (_title, files) => {
      const variables = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, path(file)]));
      const result = await one.regenerate(`vault:secret/${ENTRY}`, { ...trusting(), ...variables });
      one.expectNotReady(result, "it refused our TLS, for want of a client certificate that it trusts");
      expect(one.accepts(one.bornWith)).toBe(true);
    });
  });

  describe("namespaces", () => {
    beforeAll(async () => {
      await bao.call("POST", "sys/namespaces/team", {});
      await bao.call("POST", "team/sys/namespaces/orders", {});
      await bao.call("POST", "team/orders/sys/mounts/secret", { type: "kv", options: { version: "2" } });
    });
    afterEach(() => bao.call("DELETE", `team/orders/secret/metadata/${ENTRY}`));

    const inside = (given: string): Record<string, string> => ({
      VAULT_ADDR: bao.origin,
      VAULT_TOKEN: given,
      VAULT_NAMESPACE: "team/orders",
    });

    test("a token of the root may write in a namespace below, when its policy says so", async () => {
      const above = await bao.token("above", POLICY.replace("secret/data", "team/orders/secret/data"));
      const result = await one.regenerate(`vault:secret/${ENTRY}`, inside(above));
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Read back and logged in") });
      const { data } = await bao.call("GET", `team/orders/secret/data/${ENTRY}`);
      expect(one.accepts(data.data.client_secret)).toBe(true);
    });

    test("and so may one of the namespace in between", async () => {
      const policy = POLICY.replace("secret/data", "orders/secret/data");
      await bao.call("PUT", "team/sys/policies/acl/between", { policy });
      const { auth } = await bao.call("POST", "team/auth/token/create", {
        policies: ["between"],
        no_default_policy: true,
      });
      const result = await one.regenerate(`vault:secret/${ENTRY}`, inside(auth.client_token));
      expect(result).toMatchObject({ code: 0 });
    });

    test("a token of the root without a right below ends with 6", async () => {
      const result = await one.regenerate(`vault:secret/${ENTRY}`, inside(token));
      one.expectNotReady(result, "no secrets engine is mounted there in which the token has any rights");
    });
  });

  test("uses of a token: one that has as many as a run needs is enough, with one less it ends with 6", async () => {
    const limited = async (num_uses: number): Promise<string> =>
      (
        await bao.call("POST", "auth/token/create", {
          policies: ["orders"],
          no_default_policy: true,
          num_uses,
        })
      ).auth.client_token;
    const uri = `vault:secret/${ENTRY}`;
    const few = await one.regenerate(uri, { VAULT_ADDR: bao.origin, VAULT_TOKEN: await limited(11) });
    one.expectNotReady(few, "the token has 10 uses left, and a run needs 11");
    await expectStored({ VAULT_ADDR: bao.origin, VAULT_TOKEN: await limited(12) });
  });
});
