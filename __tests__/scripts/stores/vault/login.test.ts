import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { HttpGate } from "../../../helpers/http-gate";
import { POLICY } from "../../../helpers/vault/fixture";
import { VaultRotation } from "../../../helpers/vault/rotation";
import type { AuthMethod } from "../../../helpers/vault/vault-server";

const SECRET_ID = "the-secret-id-of-the-approle";
const JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJl";
const APPROLE: AuthMethod = {
  type: "approle",
  credentials: { role_id: "orders-role", secret_id: SECRET_ID },
  rules: POLICY,
};
const KUBERNETES: AuthMethod = { type: "kubernetes", credentials: { role: "ci", jwt: JWT }, rules: POLICY };
const WITH_JWT: AuthMethod = { type: "jwt", credentials: { role: "ci", jwt: JWT }, rules: POLICY };

let rotation: VaultRotation;

async function start(auth?: AuthMethod, query = ""): Promise<void> {
  rotation = await VaultRotation.start(auth, `vault:secret/genesys/orders${query}`);
  rotation.credentials.push(SECRET_ID, JWT);
}

afterEach(() => rotation.close());

/** Tokens that logins gave and nobody revoked. */
const left = (): number =>
  rotation.store.vault.tokens.everyToken.filter((id) => rotation.store.vault.tokens.isAlive(id)).length;

test("a given token is used, and is not revoked", async () => {
  await start();
  rotation.expectStored(await rotation.regenerate());
  expect(left()).toBe(1);
});

test("OpenBao's own names of the variables are taken", async () => {
  await start();
  const { VAULT_ADDR, VAULT_TOKEN } = rotation.store.environment as Record<string, string>;
  const bao = { VAULT_ADDR: "", VAULT_TOKEN: "", BAO_ADDR: VAULT_ADDR ?? "", BAO_TOKEN: VAULT_TOKEN ?? "" };
  rotation.expectStored(await rotation.regenerate(bao));
});

test("two variables that say different things end with 2", async () => {
  await start();
  const result = await rotation.regenerate({ BAO_TOKEN: "hvs.another" });
  rotation.expectRefused(result, "VAULT_TOKEN and BAO_TOKEN say different things", 2);
});

test("the token of `vault login` is taken from ~/.vault-token", async () => {
  await start();
  writeFileSync(join(rotation.folder, ".vault-token"), `${rotation.store.environment.VAULT_TOKEN}\n`);
  rotation.expectStored(await rotation.regenerate({ VAULT_TOKEN: "" }));
});

test("no credentials at all end with 6", async () => {
  await start();
  rotation.expectRefused(await rotation.regenerate({ VAULT_TOKEN: "" }), "VAULT_TOKEN is not set");
});

test("a token that is none ends with 6", async () => {
  await start();
  rotation.expectRefused(await rotation.regenerate({ VAULT_TOKEN: "two words" }), "holds a space");
});

describe("AppRole", () => {
  const ids = { VAULT_ROLE_ID: "orders-role", VAULT_SECRET_ID: SECRET_ID };

  test.each(["", "?auth=approle"])("logs in, and revokes its token (%j)", async (query) => {
    await start(APPROLE, query);
    rotation.expectStored(await rotation.regenerate(ids));
    expect(rotation.store.vault.tokens.everyToken).toHaveLength(1);
    expect(left()).toBe(0);
  });

  test("a failed run revokes its token, too", async () => {
    await start({ ...APPROLE, rules: {} });
    rotation.expectRefused(await rotation.regenerate(ids), "no secrets engine is mounted there in which");
    expect(rotation.store.vault.tokens.everyToken).toHaveLength(1);
    expect(left()).toBe(0);
  });

  test.each([
    ["a wrong secret id", { ...ids, VAULT_SECRET_ID: "wrong-secret-id" }, "was refused (400)"],
    ["a missing secret id", { ...ids, VAULT_SECRET_ID: "" }, "VAULT_SECRET_ID is not set"],
  ])("ends with 6 for %s", async (_title, environment, reason) => {
    await start(APPROLE, "?auth=approle");
    rotation.expectRefused(await rotation.regenerate(environment), reason);
  });

  test("ends with 6 for an auth method that is mounted elsewhere", async () => {
    await start(APPROLE, "?auth=approle&auth_mount=ci/approle");
    rotation.expectRefused(await rotation.regenerate(ids), 'the approle login at "auth/ci/approle/login"');
  });

  test("takes a mount of its own", async () => {
    await start(APPROLE, "?auth=approle&auth_mount=ci/approle");
    rotation.store.vault.enableAuth("ci/approle", APPROLE);
    rotation.expectStored(await rotation.regenerate(ids));
  });
});

describe("Kubernetes", () => {
  test("logs in with the token of a file", async () => {
    await start(KUBERNETES, "?auth=kubernetes&role=ci&token_file=./pod-token");
    writeFileSync(join(rotation.folder, "pod-token"), `${JWT}\n`);
    rotation.expectStored(await rotation.regenerate());
    expect(left()).toBe(0);
  });

  test("ends with 6 outside of a pod", async () => {
    await start(KUBERNETES, "?auth=kubernetes&role=ci");
    const result = await rotation.regenerate();
    rotation.expectRefused(
      result,
      '"/var/run/secrets/kubernetes.io/serviceaccount/token" cannot be read (ENOENT)',
    );
  });

  test("ends with 6 for a role that does not know this pod", async () => {
    await start(KUBERNETES, "?auth=kubernetes&role=other&token_file=./pod-token");
    writeFileSync(join(rotation.folder, "pod-token"), JWT);
    rotation.expectRefused(await rotation.regenerate(), "the kubernetes login");
  });
});

describe("JWT", () => {
  test("logs in with VAULT_JWT", async () => {
    await start(WITH_JWT, "?auth=jwt&role=ci");
    rotation.expectStored(await rotation.regenerate({ VAULT_JWT: JWT }));
    expect(left()).toBe(0);
  });

  test("ends with 6 without a token to log in with", async () => {
    await start(WITH_JWT, "?auth=jwt&role=ci");
    rotation.expectRefused(await rotation.regenerate(), "the JWT login needs a token");
  });

  describe("of a GitHub Actions job", () => {
    const BEARER = "the-bearer-of-the-runner";
    let github: HttpGate;
    const asked: string[] = [];

    beforeEach(async () => {
      asked.length = 0;
      github = await HttpGate.open((request, response) => {
        asked.push(request.url ?? "");
        const known = request.headers.authorization === `Bearer ${BEARER}`;
        response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
        response.end(JSON.stringify(known ? { count: 1, value: JWT } : { message: `no ${BEARER}` }));
      });
      await start(WITH_JWT, "?auth=jwt&role=ci&audience=https://vault.example");
      rotation.credentials.push(BEARER);
    });
    afterEach(() => github.stop());

    const job = (bearer = BEARER): Record<string, string> => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `${github.origin}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    });

    test("asks for the audience, and logs in", async () => {
      rotation.expectStored(await rotation.regenerate(job()));
      expect(asked).toEqual(["/token?api-version=2.0&audience=https%3A%2F%2Fvault.example"]);
    });

    test("ends with 6 when GitHub gives none", async () => {
      const result = await rotation.regenerate(job("wrong-bearer"));
      rotation.expectRefused(
        result,
        "GitHub's token service gave no token (401); the job needs the permission",
      );
    });

    test("ends with 6 when GitHub redirects; the bearer does not follow", async () => {
      github.redirectTo("http://127.0.0.1:9");
      const result = await rotation.regenerate(job());
      rotation.expectRefused(result, "GitHub's token service gave no token: it redirects");
    });
  });
});

test.each([
  ["?auth=ldap", "the option auth must be one of token, approle, kubernetes, jwt"],
  ["?role=ci", "the option role goes with auth=kubernetes or auth=jwt"],
  ["?auth=token&auth_mount=x", "the option auth_mount goes with"],
  ["?auth=kubernetes", "auth=kubernetes needs the option role"],
  ["?auth=jwt&role=", "the option role is empty"],
  ["?field=region", "the option field must be"],
  ["?token=x", 'the option "token" is unknown'],
])("the options %s end with 2", async (query, reason) => {
  await start(undefined, query);
  rotation.expectRefused(await rotation.regenerate(), reason, 2);
});
