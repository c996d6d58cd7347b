import { spawnSync } from "node:child_process";
import { describeUnlessMissing } from "../../../helpers/engines";
import { oneClient } from "../../../helpers/one-client";
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

  test.each([
    ["max_versions", 3],
    ["cas_required", true],
    ["custom_metadata", { team: "orders", tier: "gold" }],
    ["delete_version_after", "0s"],
  ])("%s stays as it was, with the fields of others", async (name, value) => {
    await bao.call("POST", `secret/metadata/${ENTRY}`, { [name]: value });
    await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS, options: { cas: 0 } });
    const before = await metadata();
    expect(before[name]).toEqual(value);
    const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
    for (let run = 0; run < 4; run += 1)
      expect((await one.regenerate(`vault:secret/${ENTRY}`, environment)).code).toBe(0);
    expect(await metadata()).toEqual(before);
    expect(await bao.document(ENTRY)).toMatchObject({ ...OTHERS, client_id: one.id });
  });

  test("long numbers of others are what readers saw before (OpenBao itself shows them rounded)", async () => {
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

  test("the version before a run is still there after it", async () => {
    await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
    const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
    expect((await one.regenerate(`vault:secret/${ENTRY}`, environment)).code).toBe(0);
    expect((await bao.call("GET", `secret/data/${ENTRY}?version=1`)).data.data).toEqual(OTHERS);
  });

  describe("delete_version_after (V16)", () => {
    const expire = (): Promise<unknown> =>
      bao.call("POST", `secret/metadata/${ENTRY}`, { delete_version_after: "720h" });

    test.each(["new", "there"])(
      "of the entry, %s: exit 6, no call, and the command that it prints helps",
      async (state) => {
        await expire();
        if (state === "there") await bao.call("POST", `secret/data/${ENTRY}`, { data: OTHERS });
        const environment = { VAULT_TOKEN: await tokenFor("secret", true) };
        const result = await one.regenerate(`vault:secret/${ENTRY}`, environment);
        one.expectNotReady(
          result,
          `"secret/${ENTRY}" is set to delete each version 720h0m0s after it was written`,
        );
        expect(one.accepts(one.bornWith)).toBe(true);

        const command = /Run `vault (kv metadata put [^`]*)`/.exec(result.stderr)?.[1] as string;
        run(command.split(" "));
        const again = await one.regenerate(`vault:secret/${ENTRY}`, environment);
        expect(again.code).toBe(0);
        expect(again.stderr).not.toContain("Warning");
        expect((await bao.call("GET", `secret/data/${ENTRY}`)).data.metadata.deletion_time).toBe("");
      },
    );

    test.each(["new", "there"])(
      "of the mount, the entry %s: exit 6, no call, and the command that it prints helps",
      async (state) => {
        if (state === "there") await bao.call("POST", `expiring/data/${ENTRY}`, { data: OTHERS });
        const environment = { VAULT_TOKEN: await tokenFor("expiring", true) };
        const result = await one.regenerate(`vault:expiring/${ENTRY}`, environment);
        one.expectNotReady(result, '"expiring" is set to delete each version 720h0m0s after it was written');
        expect(one.accepts(one.bornWith)).toBe(true);

        const command = /run `vault (write [^`]*)`/.exec(result.stderr)?.[1] as string;
        run(command.split(" "));
        try {
          expect((await one.regenerate(`vault:expiring/${ENTRY}`, environment)).code).toBe(0);
          expect((await bao.call("GET", `expiring/data/${ENTRY}`)).data.metadata.deletion_time).toBe("");
        } finally {
          await bao.call("POST", "expiring/config", { delete_version_after: "720h" });
        }
      },
    );

    test("switched off in the whole mount: exit 0, and the version stays", async () => {
      await bao.call("POST", "expiring/config", { delete_version_after: "-1s" });
      try {
        const environment = { VAULT_TOKEN: await tokenFor("expiring", true) };
        expect((await one.regenerate(`vault:expiring/${ENTRY}`, environment)).code).toBe(0);
        expect((await bao.call("GET", `expiring/data/${ENTRY}`)).data.metadata.deletion_time).toBe("");
      } finally {
        await bao.call("POST", "expiring/config", { delete_version_after: "720h" });
      }
    });

    test("that the token may not see: a new entry is written, and the answer's date is a warning", async () => {
      await expire();
      const environment = { VAULT_TOKEN: await tokenFor("secret", false) };
      const result = await one.regenerate(`vault:secret/${ENTRY}`, environment);
      expect(result.code).toBe(0);
      expect(result.stderr).toMatch(
        /Warning: .*version 1, which holds the secret, will be deleted at \d{4}-\d\d-\d\dT.*`vault kv metadata put -mount=secret -delete-version-after=0s genesys\/orders`/,
      );
    });

    test("that the token may not see, and the present version will be deleted: exit 6, no call", async () => {
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
