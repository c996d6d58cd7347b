import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeUnlessMissing } from "../../../helpers/engines";
import { HttpGate } from "../../../helpers/http-gate";
import { findLeaks } from "../../../helpers/leaks";
import { oneClient } from "../../../helpers/one-client";
import { runProgram } from "../../../helpers/program";
import { describeStore } from "../../../helpers/store-conformance";
import { missingOpenBao, OpenBao } from "../../../helpers/vault/openbao";

const ENTRY = "genesys/orders";
const OTHERS = { owner: "team orders", nested: { kept: [1, null, "ü"] } };
const README = readFileSync(join(__dirname, "../../../../README.md"), "utf8");
/** The policy that the README asks for, to the letter. */
const POLICY = /```hcl\n(.*?)```/s.exec(README)?.[1] as string;

describeUnlessMissing(missingOpenBao, "a real OpenBao", () => {
  let bao: OpenBao;
  let token: string;
  beforeAll(async () => {
    bao = await OpenBao.start();
    token = await bao.token("orders", POLICY);
  });
  afterAll(() => bao.stop());
  afterEach(() => bao.call("DELETE", `secret/metadata/${ENTRY}`));

  describeStore("vault: on it", async () => {
    const gate = await HttpGate.open(bao.origin);
    let tlsGate: HttpGate | undefined;
    const environment: Record<string, string> = { VAULT_ADDR: gate.origin, VAULT_TOKEN: token };
    return {
      uri: `vault:secret/${ENTRY}`,
      environment,
      storeCredentials: [token],
      wrongCredentials: { VAULT_TOKEN: "s.thisTokenIsOfNobodyAtAll" },
      readSecret: async () => (await bao.document(ENTRY))?.client_secret as string | undefined,
      seedOtherFields: () => bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS }),
      keptOtherFields: async () => {
        const { owner, nested } = (await bao.document(ENTRY)) ?? {};
        return JSON.stringify({ owner, nested }) === JSON.stringify(OTHERS);
      },
      deny: async () => {
        environment.VAULT_TOKEN = await bao.token("reader", POLICY.replace('"create", "update", ', ""));
      },
      stop: () => gate.stop(),
      restart: () => gate.restart(),
      redirect: (origin) => gate.redirectTo(origin),
      answerHuge: () => gate.answerHuge(),
      answerBroken: () => gate.answer(),
      serveTls: async (certificate) => {
        tlsGate = await HttpGate.open(bao.origin, certificate);
        return { VAULT_ADDR: tlsGate.origin };
      },
      close: async () => {
        await gate.stop();
        await tlsGate?.stop();
      },
    };
  });

  describe("what only the real one can tell", () => {
    const one = oneClient({ environment: () => ({ VAULT_ADDR: bao.origin }) });
    const regenerate = (uri: string, environment: Readonly<Record<string, string>>) =>
      one.regenerate(uri, environment);

    test("a version 1 mount is refused with 6", async () => {
      await bao.call("POST", "sys/mounts/old", { type: "kv", options: { version: "1" } });
      const old = await bao.token("old", POLICY.replace("secret/data/", "old/"));
      const result = await regenerate("vault:old/genesys/orders", { VAULT_TOKEN: old });
      expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining("version 1") });
      expect(one.attempted()).toBe(0);
    });

    test("AppRole: logs in, and revokes its token", async () => {
      await bao.call("POST", "sys/auth/approle", { type: "approle" });
      await bao.call("POST", "auth/approle/role/ci", { token_policies: ["orders"], token_ttl: "20m" });
      const { data: role } = await bao.call("GET", "auth/approle/role/ci/role-id");
      const { data: secret } = await bao.call("POST", "auth/approle/role/ci/secret-id");
      const accessors = async (): Promise<number> =>
        (await bao.call("LIST", "auth/token/accessors")).data.keys.length;
      const before = await accessors();
      const result = await regenerate(`vault:secret/${ENTRY}?auth=approle`, {
        VAULT_ROLE_ID: role.role_id,
        VAULT_SECRET_ID: secret.secret_id,
      });
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Read back and logged in") });
      expect(
        findLeaks(result.stdout + result.stderr, [secret.secret_id, one.sandbox.liveSecret(one.id)]),
      ).toEqual([]);
      expect(await accessors()).toBe(before);
    });

    test("a namespace holds an entry of its own", async () => {
      await bao.call("POST", "sys/namespaces/team", {});
      await bao.call("POST", "team/sys/mounts/secret", { type: "kv", options: { version: "2" } });
      const result = await regenerate(`vault:secret/${ENTRY}`, {
        VAULT_TOKEN: bao.rootToken,
        VAULT_NAMESPACE: "team",
      });
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Read back and logged in") });
      expect(await bao.document(ENTRY)).toBeUndefined();
      const { data } = await bao.call("GET", `team/secret/data/${ENTRY}`);
      expect(data.data.client_id).toBe(one.id);
    });

    test("another writer between readiness and the write is noticed, and its fields are kept", async () => {
      one.sandbox.onRequest(async ({ path }) => {
        if (path.endsWith("/secret")) await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
      });
      const result = await regenerate(`vault:secret/${ENTRY}`, { VAULT_TOKEN: token });
      expect(result.code).toBe(0);
      expect(await bao.document(ENTRY)).toMatchObject({ ...OTHERS, client_id: one.id });
      const { data } = await bao.call("GET", `secret/data/${ENTRY}`);
      expect(data.metadata.version).toBe(2);
    });

    test("remove takes it out, with the right that the README names for it", async () => {
      const remover = await bao.token("remover", POLICY.replace('"read"]', '"read", "delete"]'));
      expect(await regenerate(`vault:secret/${ENTRY}`, { VAULT_TOKEN: remover })).toMatchObject({ code: 0 });
      const { code } = await runProgram(
        ["remove", "--yes", "--client-id", one.id, "--store", `vault:secret/${ENTRY}`],
        { HOME: one.folder, VAULT_ADDR: bao.origin, VAULT_TOKEN: remover },
        one.folder,
      );
      expect(code).toBe(0);
      expect(await bao.document(ENTRY)).toBeUndefined();
    });
  });
});
