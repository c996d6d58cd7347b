import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { AzureCloud } from "../../../helpers/azure/azure-cloud";
import { missingOpenssl } from "../../../helpers/azure/cloud-tunnel";
import { TENANT } from "../../../helpers/azure/key-vault";
import { describeUnlessMissing } from "../../../helpers/engines";
import { overtake } from "../../../helpers/later-run";
import { LONG_NUMBERS } from "../../../helpers/long-numbers";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute, type Outcome, type Refusal, refusedWrite } from "../../../helpers/store-rows";

const URI = "azure-keyvault:orders-vault/orders";
const BARE = `${URI}?field=client_secret`;

describeUnlessMissing(missingOpenssl, "azure-keyvault:", () => {
  let cloud: AzureCloud;
  const one = oneClient({
    environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "1", ...cloud.environment }),
    credentials: () => [cloud.token, cloud.applicationSecret],
  });

  beforeEach(async () => {
    cloud = await AzureCloud.start("orders-vault", one.folder);
  });

  afterEach(() => cloud.close());

  const program = (
    command: string,
    environment: Record<string, string> = {},
    args: readonly string[] = [],
    uri = URI,
  ): Promise<ProgramResult> =>
    one.run(
      [command, ...(command === "remove" ? ["--yes"] : []), "--client-id", one.id, "--store", uri, ...args],
      environment,
    );

  const document = (): Record<string, unknown> => JSON.parse(cloud.vault.value("orders") ?? "{}");

  const expectNotReady = async (result: Promise<ProgramResult>, ...words: string[]): Promise<void> =>
    one.expectNotReady(await result, ...words);

  test("the value is the document, one version a rotation", async () => {
    expect(await program("regenerate", {}, ["--rotation", "7"])).toMatchObject({ code: 0 });
    expect(document()).toMatchObject({
      client_id: one.id,
      region: "us-east-1",
      rotation: "7",
      stores: [URI],
    });
    expect(cloud.vault.current("orders")?.contentType).toBe("application/json");
    expect(cloud.vault.count("orders")).toBe(1);
  });

  test("before the call nothing is written, only an update of a version that does not exist is tried", async () => {
    await program("regenerate", {}, ["--dry-run"]);
    expect(cloud.vault.calls).toEqual([
      "GET /secrets/orders",
      "GET /deletedsecrets/orders",
      `PATCH /secrets/orders/${"0".repeat(32)}`,
      "GET /secrets/orders",
    ]);
  });

  describe("a write that it refuses, or seems to", () => {
    const YEAR_S = 31_536_000;
    const now = (): number => Math.floor(Date.now() / 1000);

    const row = (refusal: Omit<Refusal, "store">, run: () => Promise<Outcome>): void =>
      refusedWrite({ store: "azure-keyvault", ...refusal }, run);

    /** A run that has to end with 6, and to write no version. */
    async function refused(uri: string, ...words: readonly string[]): Promise<Outcome> {
      const versions = cloud.vault.versions("orders");
      const result = await program("regenerate", {}, [], uri);
      one.expectNotReady(result, ...words, "Secret:    not changed");
      expect(one.accepts(one.bornWith)).toBe(true);
      expect(cloud.vault.versions("orders")).toEqual(versions);
      return { ...result, calls: one.attempted() };
    }

    /** A run that has to end with 8; the next one heals once the condition is gone. */
    async function healed(end: () => void): Promise<Outcome> {
      const result = await program("regenerate");
      const outcome = { ...result, calls: one.attempted() };
      expect(result.stderr).toContain("is NOT known to hold the new secret");
      end();
      expect(await program("regenerate")).toMatchObject({ code: 0 });
      expect(one.accepts(String(document().client_secret))).toBe(true);
      return outcome;
    }

    describe.each([
      ["is there", "exists"],
      ["is new", "new"],
    ] as const)("of a secret that %s", (_title, place) => {
      beforeEach(() => {
        if (place === "exists") cloud.vault.put("orders", { value: '{"note":"mine"}' });
      });

      for (const [condition, rights, ...words] of [
        [
          "the right to read is missing",
          ["set", "update"],
          "may not get the secret",
          "403, ForbiddenByRbac",
          "Secrets Officer",
        ],
        ["the rights to set and to update are missing", ["get"], "may not set and update", "Secrets Officer"],
        ["the right to update is missing", ["get", "set"], "may not set and update", "Secrets Officer"],
      ] as const)
        row({ condition, place }, async () => {
          cloud.vault.rights = rights;
          return refused(URI, ...words);
        });

      row({ condition: "a role may update, but not set", place, exit: 8, calls: 1 }, async () => {
        const { rights } = cloud.vault;
        cloud.vault.rights = ["get", "update"];
        return healed(() => {
          cloud.vault.rights = rights;
        });
      });

      row({ condition: "a policy of Azure refuses the write", place, exit: 8, calls: 1 }, async () => {
        cloud.vault.refusesToSet = "ForbiddenByPolicy";
        return healed(() => {
          cloud.vault.refusesToSet = undefined;
        });
      });
    });

    row({ condition: "a deleted secret still holds its name", place: "new" }, async () => {
      cloud.vault.delete("orders");
      return refused(URI, "a deleted secret still holds its name", "az keyvault secret recover");
    });

    for (const [condition, uri, secret, ...words] of [
      [
        "its current version has expired",
        URI,
        () => ({ value: "{}", attributes: { exp: now() - YEAR_S } }),
        "its current version expired at",
        "az keyvault secret set-attributes --vault-name orders-vault --name orders --expires 20",
      ],
      [
        "its current version is not valid yet",
        URI,
        () => ({ value: "{}", attributes: { nbf: now() + YEAR_S } }),
        "is valid only from",
        "az keyvault secret set-attributes --vault-name orders-vault --name orders --not-before 20",
      ],
      [
        "its current version is disabled",
        URI,
        () => ({ value: "{}", attributes: { enabled: false } }),
        "its current version is disabled",
        "az keyvault secret set-attributes --vault-name orders-vault --name orders --enabled true",
      ],
      [
        "it holds a text and not a JSON object",
        URI,
        () => ({ value: "a password" }),
        "it holds something that is not a JSON object",
      ],
      [
        "it holds a list and not a JSON object",
        URI,
        () => ({ value: '["theirs"]' }),
        "it holds something that is not a JSON object",
      ],
      [
        "the fields of others leave no room in it",
        URI,
        () => ({ value: JSON.stringify({ big: "x".repeat(24_000) }) }),
        "leaves no room",
      ],
      [
        "a certificate of the vault writes it",
        URI,
        () => ({ value: "{}", managed: true }),
        "it belongs to a certificate of the vault",
      ],
      [
        "a certificate of the vault writes it, a bare value",
        BARE,
        () => ({ value: "-----BEGIN CERTIFICATE-----", managed: true }),
        "it belongs to a certificate of the vault",
      ],
    ] as const)
      row({ condition, place: "exists" }, async () => {
        cloud.vault.put("orders", secret());
        const outcome = await refused(uri, ...words);
        expect(outcome.stderr).not.toContain("Secrets Officer");
        return outcome;
      });

    row(
      { condition: "the rights to set and to update are missing, a bare value", place: "new" },
      async () => {
        cloud.vault.rights = ["get"];
        return refused(BARE, "may not set and update");
      },
    );
  });

  describe("what others have set", () => {
    for (const [attribute, kept] of [
      ["content type", { contentType: "text/json; theirs" }],
      ["absence of a content type", { contentType: undefined }],
      ["tags", { tags: { team: "orders" } }],
      ["expiry", { attributes: { exp: 4_102_444_800 } }],
      ["not-before", { attributes: { nbf: 1_700_000_000 } }],
    ] as const)
      keptAttribute("azure-keyvault", attribute, async () => {
        cloud.vault.put("orders", { value: '{"note":"mine"}', ...kept });
        expect(await program("regenerate")).toMatchObject({ code: 0 });
        expect(cloud.vault.count("orders")).toBe(2);
        expect(cloud.vault.current("orders")).toMatchObject(kept);
        expect(document()).toMatchObject({ note: "mine", client_id: one.id });
      });

    keptAttribute("azure-keyvault", "numbers in fields of others, as they were written", async () => {
      cloud.vault.put("orders", { value: `{${LONG_NUMBERS}}` });
      expect(await program("regenerate")).toMatchObject({ code: 0 });
      expect(cloud.vault.value("orders")).toContain(LONG_NUMBERS);
      expect(one.accepts(String(document().client_secret))).toBe(true);
    });

    keptAttribute("azure-keyvault", "earlier versions, with their tags and dates", async () => {
      for (const team of ["a", "b"])
        cloud.vault.put("orders", {
          value: JSON.stringify({ team }),
          tags: { team },
          attributes: { exp: 4_102_444_800 },
        });
      const before = cloud.vault.versions("orders");
      expect(await program("regenerate")).toMatchObject({ code: 0 });
      expect(cloud.vault.versions("orders").slice(0, 2)).toEqual(before);
    });
  });

  test("what a run cannot try is said in a dry run", async () => {
    expect(await program("regenerate", {}, ["--dry-run"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the write itself: that would cost a version"),
    });
  });

  describe("?field=client_secret", () => {
    test("keeps the bare value, whatever was there, and its traits", async () => {
      cloud.vault.put("orders", { value: "a password", contentType: "text/plain", tags: { team: "orders" } });
      const result = await program("regenerate", {}, [], BARE);
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("it cannot be read back") });
      expect(one.accepts(cloud.vault.value("orders"))).toBe(true);
      expect(cloud.vault.current("orders")).toMatchObject({
        contentType: "text/plain",
        tags: { team: "orders" },
      });
    });

    test("makes a new secret without a content type", async () => {
      expect(await program("regenerate", {}, [], BARE)).toMatchObject({ code: 0 });
      expect(one.accepts(cloud.vault.value("orders"))).toBe(true);
      expect(cloud.vault.current("orders")?.contentType).toBeUndefined();
    });
  });

  test("the answer to a write is lost: it is not written twice", async () => {
    one.sandbox.onAnswer(({ path }) => {
      if (/\/secret$/.test(path)) cloud.vault.losesAnswers = 1;
    });
    expect(await program("regenerate")).toMatchObject({ code: 0 });
    expect(cloud.vault.count("orders")).toBe(1);
  });

  test("the slower of two runs does not put its dead secret over the later one", async () => {
    overtake(one.sandbox, one.id, (later) => cloud.vault.put("orders", { value: JSON.stringify(later) }));
    expect(await program("regenerate")).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("holds the secret of another run"),
    });
    expect(one.accepts(String(document().client_secret))).toBe(true);
  });

  describe("credentials", () => {
    const application = (): Record<string, string> => ({
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: "22222222-2222-4222-8222-222222222222",
      AZURE_CLIENT_SECRET: cloud.applicationSecret,
    });

    test("may be an application's in the environment", async () => {
      const environment = { ...application(), AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" };
      expect(await program("regenerate", environment)).toMatchObject({ code: 0 });
    });

    test("may be an application's in an --env-file", async () => {
      const file = join(one.folder, "azure.env");
      const lines = Object.entries({ ...application(), AZURE_AUTHORITY_HOST: "https://example.invalid" });
      writeFileSync(file, lines.map(([name, value]) => `${name}=${value}\n`).join(""));
      const result = await program("regenerate", {}, ["--env-file", file]);
      expect(result).toMatchObject({ code: 0 });
      expect(result.stderr).toContain("does not see AZURE_AUTHORITY_HOST of the env file");
    });

    test("that Entra refuses are told with Entra's number", async () => {
      const environment = { ...application(), AZURE_CLIENT_SECRET: "wrong" };
      await expectNotReady(
        program("regenerate", { ...environment, AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" }),
        "no usable Azure credentials (AADSTS7000215)",
        "Sign in to Azure",
      );
    });

    test("may be the Azure CLI's, which does not inherit the admin's", async () => {
      const bin = join(one.folder, "bin");
      const seen = join(one.folder, "seen");
      mkdirSync(bin);
      const answer = JSON.stringify({
        accessToken: cloud.token,
        expires_on: 4_102_444_800,
        tokenType: "Bearer",
      });
      writeFileSync(join(bin, "az"), `#!/bin/sh\nenv > '${seen}'\necho '${answer}'\n`);
      chmodSync(join(bin, "az"), 0o755);
      const environment = {
        PATH: bin + delimiter + process.env.PATH,
        AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
      };
      expect(await program("regenerate", environment)).toMatchObject({ code: 0 });
      expect(readFileSync(seen, "utf8")).toContain("AZURE_TOKEN_CREDENTIALS=AzureCliCredential");
      expect(readFileSync(seen, "utf8")).not.toContain("GENESYSCLOUD_OAUTHCLIENT");
    });
  });

  test("AZURE_LOG_LEVEL=verbose does not log requests", async () => {
    const result = await program("regenerate", { AZURE_LOG_LEVEL: "verbose" });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).not.toMatch(/azure:|keyvault-secrets/);
  });

  describe("remove", () => {
    test("deletes the secret", async () => {
      await program("regenerate");
      expect(await program("remove")).toMatchObject({ code: 0 });
      expect(cloud.vault.value("orders")).toBeUndefined();
    });

    test("takes out its own fields only, when others have some", async () => {
      cloud.vault.put("orders", { value: '{"note":"mine"}' });
      await program("regenerate");
      expect(await program("remove")).toMatchObject({ code: 0 });
      expect(document()).toEqual({ note: "mine" });
    });

    test("leaves another client's alone", async () => {
      cloud.vault.put("orders", { value: '{"client_id":"another","client_secret":"theirs"}' });
      expect(await program("remove")).toMatchObject({ code: 0 });
      expect(document().client_secret).toBe("theirs");
    });
  });

  test("a sovereign cloud's vault is at its own address", async () => {
    await cloud.close();
    cloud = await AzureCloud.start("orders-vault", one.folder, "vault.azure.cn");
    const result = await program("regenerate", {}, [], `${URI}?suffix=vault.azure.cn`);
    expect(result).toMatchObject({ code: 0 });
    expect(new Set(cloud.tunnel.asked)).toEqual(new Set(["orders-vault.vault.azure.cn"]));
  });
});
