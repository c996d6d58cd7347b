import { spawnSync } from "node:child_process";
import { describeUnlessMissing } from "../../../helpers/engines";
import { oneClient } from "../../../helpers/one-client";
import { keptAttribute, refusedWrite } from "../../../helpers/store-rows";
import { missingOpenBao, OpenBao } from "../../../helpers/vault/openbao";

const ENTRY = "genesys/orders";
const OTHERS = { owner: "team orders", nested: { kept: [1, null, "ü"] } };

describeUnlessMissing(missingOpenBao, "the settings of an entry, on a real OpenBao", () => {
  let bao: OpenBao;
  beforeAll(async () => {
    bao = await OpenBao.start();
    await bao.call("POST", "sys/mounts/expiring", { type: "kv", options: { version: "2" } });
    await bao.call("POST", "expiring/config", { delete_version_after: "720h" });
  });
  afterAll(() => bao.stop());
  afterEach(async () => {
    await bao.call("DELETE", `secret/metadata/${ENTRY}`);
    await bao.call("DELETE", `expiring/metadata/${ENTRY}`);
  });

  const one = oneClient({ environment: () => ({ VAULT_ADDR: bao.origin }) });

  /** @param settings whether the token may read the settings of the entry and of its mount */
  const tokenFor = (mount: string, settings: boolean): Promise<string> =>
    bao.token(
      `for-${mount}-${settings}`,
      [
        `path "${mount}/data/${ENTRY}" { capabilities = ["create", "update", "read"] }`,
        'path "auth/token/lookup-self" { capabilities = ["read"] }',
        settings && `path "${mount}/metadata/${ENTRY}" { capabilities = ["read"] }`,
        settings && `path "${mount}/config" { capabilities = ["read"] }`,
      ]
        .filter(Boolean)
        .join("\n"),
    );

  const metadata = async (mount = "secret"): Promise<Record<string, unknown>> => {
    const { versions, current_version, oldest_version, updated_time, created_time, ...settings } = (
      await bao.call("GET", `${mount}/metadata/${ENTRY}`)
    ).data;
    return settings;
  };

  for (const [name, value] of [
    ["max_versions", 3],
    ["cas_required", true],
    ["custom_metadata", { team: "orders", tier: "gold" }],
    ["delete_version_after", "0s"],
  ] as const)
    keptAttribute("vault", `the setting ${name}`, async () => {
      await bao.call("POST", `secret/metadata/${ENTRY}`, { [name]: value });
      await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS, options: { cas: 0 } });
      const before = await metadata();
      expect(before[name]).toEqual(value);
      const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
      for (let run = 0; run < 4; run += 1)
        expect((await one.regenerate(`vault:secret/${ENTRY}`, environment)).code).toBe(0);
      expect(await metadata()).toEqual(before);
    });

  keptAttribute("vault", "fields of others, whatever they hold", async () => {
    await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
    const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
    for (let run = 0; run < 2; run += 1)
      expect((await one.regenerate(`vault:secret/${ENTRY}`, environment)).code).toBe(0);
    expect(await bao.document(ENTRY)).toMatchObject({ ...OTHERS, client_id: one.id });
  });

  keptAttribute("vault", "a field client_secret of others, where the URI names another one", async () => {
    await bao.call("POST", `secret/data/${ENTRY}`, { data: { ...OTHERS, client_secret: "theirs" } });
    const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
    expect((await one.regenerate(`vault:secret/${ENTRY}?field=password`, environment)).code).toBe(0);
    const document = await bao.document(ENTRY);
    expect(document).toMatchObject({ ...OTHERS, client_secret: "theirs" });
    expect(one.accepts(document?.password as string)).toBe(true);
  });

  // OpenBao itself shows them rounded.
  keptAttribute("vault", "long numbers of others, as readers saw them before", async () => {
    const numbers = '{"tenant":12345678901234567890,"snowflake":1057345678901234567,"half":1.50}';
    const headers = { "X-Vault-Token": bao.rootToken };
    const url = `${bao.origin}/v1/secret/data/${ENTRY}`;
    expect((await fetch(url, { method: "POST", headers, body: `{"data":${numbers}}` })).status).toBe(200);
    const fields = async (): Promise<string[]> =>
      (await (await fetch(url, { headers })).text()).match(/"(?:tenant|snowflake|half)":[^,}]*/g) ?? [];
    const before = await fields();
    expect(before).toHaveLength(3);
    const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
    for (let run = 0; run < 2; run += 1) {
      expect((await one.regenerate(`vault:secret/${ENTRY}`, environment)).code).toBe(0);
      expect((await fields()).sort()).toEqual(before.sort());
    }
  });

  keptAttribute("vault", "the version before, under its number", async () => {
    await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
    const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
    expect((await one.regenerate(`vault:secret/${ENTRY}`, environment)).code).toBe(0);
    expect((await bao.call("GET", `secret/data/${ENTRY}?version=1`)).data.data).toEqual(OTHERS);
  });

  describe("delete_version_after", () => {
    const expire = (): Promise<unknown> =>
      bao.call("POST", `secret/metadata/${ENTRY}`, { delete_version_after: "720h" });

    for (const place of ["new", "exists"] as const) {
      refusedWrite(
        {
          store: "vault",
          condition: "versions that the entry deletes after a time (delete_version_after)",
          place,
        },
        async () => {
          await expire();
          if (place === "exists") await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
          const environment = { VAULT_TOKEN: await tokenFor("secret", true) };
          const result = await one.regenerate(`vault:secret/${ENTRY}`, environment);
          one.expectNotReady(
            result,
            `"secret/${ENTRY}" is set to delete each version 720h0m0s after it was written`,
          );
          expect(one.accepts(one.bornWith)).toBe(true);
          const outcome = one.outcome(result);

          const command = /Run `vault (kv metadata put [^`]*)`/.exec(result.stderr)?.[1] as string;
          run(command.split(" "));
          const again = await one.regenerate(`vault:secret/${ENTRY}`, environment);
          expect(again.code).toBe(0);
          expect(again.stderr).not.toContain("Warning");
          expect((await bao.call("GET", `secret/data/${ENTRY}`)).data.metadata.deletion_time).toBe("");
          return outcome;
        },
      );

      refusedWrite(
        {
          store: "vault",
          condition: "versions that the mount deletes after a time (delete_version_after)",
          place,
        },
        async () => {
          if (place === "exists") await bao.call("POST", `expiring/data/${ENTRY}`, { data: OTHERS });
          const environment = { VAULT_TOKEN: await tokenFor("expiring", true) };
          const result = await one.regenerate(`vault:expiring/${ENTRY}`, environment);
          one.expectNotReady(
            result,
            '"expiring" is set to delete each version 720h0m0s after it was written',
          );
          expect(one.accepts(one.bornWith)).toBe(true);
          const outcome = one.outcome(result);

          const command = /run `vault (write [^`]*)`/.exec(result.stderr)?.[1] as string;
          run(command.split(" "));
          try {
            expect((await one.regenerate(`vault:expiring/${ENTRY}`, environment)).code).toBe(0);
            expect((await bao.call("GET", `expiring/data/${ENTRY}`)).data.metadata.deletion_time).toBe("");
          } finally {
            await bao.call("POST", "expiring/config", { delete_version_after: "720h" });
          }
          return outcome;
        },
      );
    }

    refusedWrite(
      {
        store: "vault",
        condition: "the deletion of versions switched off in the whole mount (delete_version_after=-1s)",
        place: "new",
        exit: 0,
        calls: 1,
      },
      async () => {
        await bao.call("POST", "expiring/config", { delete_version_after: "-1s" });
        try {
          const environment = { VAULT_TOKEN: await tokenFor("expiring", true) };
          const result = await one.regenerate(`vault:expiring/${ENTRY}`, environment);
          expect((await bao.call("GET", `expiring/data/${ENTRY}`)).data.metadata.deletion_time).toBe("");
          return one.outcome(result);
        } finally {
          await bao.call("POST", "expiring/config", { delete_version_after: "720h" });
        }
      },
    );

    const unseen = "versions that are deleted after a time, which the token may not see";
    refusedWrite({ store: "vault", condition: unseen, place: "new", exit: 0, calls: 1 }, async () => {
      await expire();
      const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
      const result = await one.regenerate(`vault:secret/${ENTRY}`, environment);
      expect(result.stderr).toMatch(
        /Warning: .*version 1, which holds the secret, will be deleted at \d{4}-\d\d-\d\dT.*`vault kv metadata put -mount=secret -delete-version-after=0s genesys\/orders`/,
      );
      return one.outcome(result);
    });

    refusedWrite({ store: "vault", condition: unseen, place: "exists" }, async () => {
      await expire();
      await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
      const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
      const result = await one.regenerate(`vault:secret/${ENTRY}`, environment);
      one.expectNotReady(
        result,
        "its present version will be deleted at",
        `Give the token read on secret/metadata/${ENTRY} and secret/config`,
      );
      expect(one.accepts(one.bornWith)).toBe(true);
      return one.outcome(result);
    });
  });

  /** Runs OpenBao's own command line as root, with the words that were printed. */
  function run(words: readonly string[]): void {
    const { status, stderr } = spawnSync(bao.program, words, {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: one.folder, BAO_ADDR: bao.origin, BAO_TOKEN: bao.rootToken },
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  }
});
