import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../../helpers/certificate";
import { HttpGate } from "../../helpers/http-gate";
import { DATA_PATH, ENTRY, POLICY } from "../../helpers/vault/fixture";
import { VaultServer } from "../../helpers/vault/vault-server";
import { Gate } from "../gate";
import type { StoreSite, TortureStore } from "./torture-store";

const OTHERS = { owner: "team orders", nested: { kept: [1, null, "ü"] } };

/**
 * `vault:`, with a given token, or with one that the program takes by AppRole.
 * @param certificate serves TLS with it. @default - plain http
 */
export async function vaultStore(
  kind: "vault" | "vault-approle",
  { credentialsFolder }: StoreSite,
  certificate?: Certificate,
): Promise<TortureStore> {
  const vault = new VaultServer();
  const mount = vault.mountKv2("secret/");
  const server = await HttpGate.open(vault.listener);
  const gate = await Gate.open(server.origin, certificate);
  const readOnly = { [DATA_PATH]: ["read"] };
  const access: Record<string, string> = { VAULT_ADDR: gate.origin };
  const credentials: string[] = [];
  if (certificate) {
    access.VAULT_CACERT = join(credentialsFolder, "vault-ca.pem");
    writeFileSync(access.VAULT_CACERT, certificate.cert);
  }
  let limit: (rules: typeof POLICY) => void;
  if (kind === "vault") {
    const token = vault.tokens.issue({ rules: POLICY });
    access.VAULT_TOKEN = token.id;
    limit = (rules) => {
      token.rules = { ...token.rules, ...rules };
    };
  } else {
    const role = { role_id: "orders-rotator", secret_id: randomBytes(24).toString("base64url") };
    const method = { type: "approle" as const, credentials: role, rules: POLICY };
    vault.enableAuth("approle", method);
    access.VAULT_ROLE_ID = role.role_id;
    access.VAULT_SECRET_ID = role.secret_id;
    credentials.push(role.secret_id);
    limit = (rules) => {
      vault.enableAuth("approle", { ...method, rules });
      for (const id of vault.tokens.everyToken) {
        const token = vault.tokens.find(id, "");
        if (token) token.rules = { ...token.rules, ...rules };
      }
    };
  }
  return {
    kind,
    uri: "vault:secret/genesys/orders",
    readable: true,
    environment: access,
    get credentials() {
      return [...credentials, ...vault.tokens.everyToken];
    },
    gate,
    holds: () => mount.latest(ENTRY)?.client_secret as string | undefined,
    residue: () => [],
    undo: (times) => {
      const before = mount.latest(ENTRY) ?? {};
      let left = times;
      let versions = mount.versions(ENTRY);
      gate.onActed = ({ method, path }) => {
        if (method !== "POST" || !path.endsWith(DATA_PATH) || left <= 0) return;
        // A rehearsal makes no version.
        if (mount.versions(ENTRY) === versions) return;
        left -= 1;
        mount.put(ENTRY, before);
        versions = mount.versions(ENTRY);
      };
    },
    isWrite: ({ method, path, body }, secret) =>
      method === "POST" && path.endsWith(DATA_PATH) && body.includes(secret),
    seedOthers: () => mount.put(ENTRY, OTHERS),
    others: () => {
      const { owner, nested } = mount.latest(ENTRY) ?? {};
      return JSON.stringify({ owner, nested });
    },
    deny: () => limit(readOnly),
    allow: () => limit(POLICY),
    close: async () => {
      await gate.close();
      await server.stop();
    },
  };
}
