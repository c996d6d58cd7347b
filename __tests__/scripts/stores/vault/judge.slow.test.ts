import { spawn } from "node:child_process";
import { join } from "node:path";
import { describeUnlessMissing } from "../../../helpers/engines";
import { HttpGate } from "../../../helpers/http-gate";
import { missingTools } from "../../../helpers/tools";
import { POLICY } from "../../../helpers/vault/fixture";
import { VaultServer } from "../../../helpers/vault/vault-server";

const JUDGE = join(__dirname, "../../../helpers/vault/judge");
describeUnlessMissing(
  missingTools("go"),
  "the Vault of the tests, judged by HashiCorp's own Go client",
  () => {
    test("is what the client expects", async () => {
      const vault = new VaultServer();
      vault.mountKv2("secret/");
      vault.mountKv2("kv/team/");
      vault.mountKv2("secret/", "team/");
      vault.mount("old/", "kv", { version: "1" });
      const credentials = { role_id: "judge-role", secret_id: "judge-secret" };
      vault.enableAuth("approle", { type: "approle", credentials, rules: POLICY });
      const gate = await HttpGate.open(vault.listener);
      try {
        const { code, output } = await judge({
          VAULT_ADDR: gate.origin,
          VAULT_TOKEN: vault.tokens.issue().id,
          JUDGE_LIMITED_TOKEN: vault.tokens.issue({ rules: POLICY }).id,
          JUDGE_ROLE_ID: credentials.role_id,
          JUDGE_SECRET_ID: credentials.secret_id,
          JUDGE_NAMESPACE: "team",
        });
        expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining("WRONG") });
        expect(output.match(/^ok: /gm)?.length).toBeGreaterThanOrEqual(35);
      } finally {
        await gate.stop();
      }
    });
  },
);

function judge(environment: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { PATH, HOME, GOPROXY, GOFLAGS, GOMODCACHE, GOCACHE } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn("go", ["run", "."], {
      cwd: JUDGE,
      env: { PATH, HOME, GOPROXY, GOFLAGS, GOMODCACHE, GOCACHE, GOTOOLCHAIN: "local", ...environment },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
