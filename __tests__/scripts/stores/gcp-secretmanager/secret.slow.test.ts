import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingOpenssl } from "../../../helpers/azure/cloud-tunnel";
import { describeUnlessMissing } from "../../../helpers/engines";
import { GoogleCloud, TRUSTED } from "../../../helpers/gcp/google-cloud";
import type { Judgement } from "../../../helpers/gcp/judge";
import { HttpGate } from "../../../helpers/http-gate";
import { overtake } from "../../../helpers/later-run";
import { LONG_NUMBERS } from "../../../helpers/long-numbers";
import { oneClient } from "../../../helpers/one-client";
import { type ProgramResult, runProgram } from "../../../helpers/program";
import { keptAttribute } from "../../../helpers/store-rows";

const PROJECT = "orders-project";
const URI = `gcp-secretmanager:projects/${PROJECT}/secrets/orders`;

describeUnlessMissing(missingOpenssl, "gcp-secretmanager:", () => {
  let cloud: GoogleCloud;
  const one = oneClient({
    environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "1", ...cloud.environment }),
    credentials: () => [cloud.token, cloud.privateKey],
  });

  beforeEach(async () => {
    cloud = await GoogleCloud.start(PROJECT, one.folder);
  });

  afterEach(() => cloud.close());

  const program = (
    command: string,
    options = "",
    environment: Record<string, string> = {},
    args: readonly string[] = [],
  ): Promise<ProgramResult> =>
    one.run(
      [
        command,
        ...(command === "remove" ? ["--yes"] : []),
        "--client-id",
        one.id,
        "--store",
        URI + options,
        ...args,
      ],
      environment,
    );

  const document = (): Record<string, unknown> => JSON.parse(cloud.secrets.value("orders") ?? "{}");
  const afterCall = (act: () => void): void => {
    one.sandbox.onAnswer(({ path }) => {
      if (/\/secret$/.test(path)) act();
    });
  };

  const expectNotReady = async (result: Promise<ProgramResult>, ...words: string[]): Promise<void> =>
    one.expectNotReady(await result, ...words);

  test("the latest version is the document, one version a rotation", async () => {
    cloud.secrets.create("orders");
    expect(await program("regenerate", "", {}, ["--rotation", "7"])).toMatchObject({ code: 0 });
    expect(document()).toMatchObject({
      client_id: one.id,
      region: "us-east-1",
      rotation: "7",
      stores: [URI],
    });
    expect(cloud.secrets.states("orders")).toEqual(["ENABLED"]);
  });

  describe("a secret that does not exist", () => {
    test("is created with create=true, before the call; not in a dry run", async () => {
      expect(await program("regenerate", "?create=true", {}, ["--dry-run"])).toMatchObject({ code: 0 });
      expect(cloud.secrets.exists("orders")).toBe(false);
      expect(await program("regenerate", "?create=true")).toMatchObject({ code: 0 });
      expect(cloud.secrets.replications.get("orders")).toEqual({ automatic: {} });
      expect(one.accepts(document().client_secret as string)).toBe(true);
    });

    test("is kept where the option locations says", async () => {
      await program("regenerate", "?create=true&locations=europe-west1,europe-west3");
      const replicas = [{ location: "europe-west1" }, { location: "europe-west3" }];
      expect(cloud.secrets.replications.get("orders")).toEqual({ userManaged: { replicas } });
    });
  });

  test("disable_previous=true disables the version that was current before, and no other", async () => {
    cloud.secrets.add("orders", "{}");
    cloud.secrets.add("orders", "{}");
    expect(await program("regenerate", "?disable_previous=true")).toMatchObject({ code: 0 });
    expect(cloud.secrets.states("orders")).toEqual(["ENABLED", "DISABLED", "ENABLED"]);
  });

  test("disable_previous=true disables what killed runs left enabled, too, and nothing of others", async () => {
    const ours = JSON.stringify({ client_id: one.id, client_secret: "dead" });
    for (const value of [ours, "{}", ours, ours, ours]) cloud.secrets.add("orders", value);
    expect(await program("regenerate", "?disable_previous=true")).toMatchObject({ code: 0 });
    const states = cloud.secrets.states("orders");
    expect(states).toEqual(["ENABLED", "ENABLED", "DISABLED", "DISABLED", "DISABLED", "ENABLED"]);
  });

  describe("a latest version that is disabled", () => {
    const ours = (fields: object = {}): string =>
      JSON.stringify({ client_id: one.id, client_secret: one.bornWith, rotation: "1", ...fields });

    keptAttribute("gcp-secretmanager", "fields in the newest version that is enabled", async () => {
      for (const value of ['{"note":"old"}', '{"note":"kept"}', '{"note":"a"}', '{"note":"b"}'])
        cloud.secrets.add("orders", value);
      for (const version of [3, 4]) cloud.secrets.setState("orders", version, "DISABLED");
      const result = await program("regenerate");
      expect(result).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("what others keep is taken from version 2"),
      });
      expect(document()).toMatchObject({ note: "kept", client_id: one.id });
      expect(cloud.secrets.states("orders")).toEqual([
        "ENABLED",
        "ENABLED",
        "DISABLED",
        "DISABLED",
        "ENABLED",
      ]);
    });

    keptAttribute("gcp-secretmanager", "state of earlier versions", async () => {
      for (let version = 1; version <= 3; version++) cloud.secrets.add("orders", "{}");
      cloud.secrets.setState("orders", 1, "DESTROYED");
      cloud.secrets.setState("orders", 2, "DISABLED");
      expect(await program("regenerate")).toMatchObject({ code: 0 });
      expect(cloud.secrets.states("orders")).toEqual(["DESTROYED", "DISABLED", "ENABLED", "ENABLED"]);
    });

    test("does not make the one below it count as what readers get", async () => {
      cloud.secrets.add("orders", ours());
      cloud.secrets.add("orders", ours());
      cloud.secrets.setState("orders", 2, "DISABLED");
      expect(await program("regenerate", "", {}, ["--rotation", "1"])).toMatchObject({ code: 0 });
      expect(cloud.secrets.states("orders")).toHaveLength(3);
      expect(one.accepts(document().client_secret as string)).toBe(true);
    });

    test("is left to disable_previous=true as it is", async () => {
      cloud.secrets.add("orders", "{}");
      cloud.secrets.setState("orders", 1, "DISABLED");
      const result = await program("regenerate", "?disable_previous=true");
      expect(result).toMatchObject({ code: 0 });
      expect(result.stderr).not.toContain("could not be disabled");
    });
  });

  describe("the secret itself", () => {
    for (const [attribute, traits] of [
      ["labels", { labels: { team: "orders" } }],
      ["annotations", { annotations: { note: "theirs" } }],
      ["rotation", { rotation: { nextRotationTime: "2999-01-01T00:00:00Z", rotationPeriod: "2592000s" } }],
      ["topics", { topics: [{ name: "projects/orders-project/topics/rotate" }] }],
      ["expiry", { expireTime: "2999-01-01T00:00:00Z" }],
      ["version aliases", { versionAliases: { stable: "1" } }],
      ["delay of destruction", { versionDestroyTtl: "86400s" }],
      ["replication", { replication: { userManaged: { replicas: [{ location: "europe-west1" }] } } }],
    ] as const)
      keptAttribute("gcp-secretmanager", attribute, async () => {
        cloud.secrets.add("orders", "{}");
        cloud.secrets.traits.set("orders", traits);
        expect(await program("regenerate")).toMatchObject({ code: 0 });
        expect(cloud.secrets.traits.get("orders")).toEqual(traits);
        // A run only adds a version.
        const changing = cloud.secrets.calls.filter((call) => !/^GET |:testIamPermissions$/.test(call));
        expect(changing).toEqual([`POST /v1/projects/${PROJECT}/secrets/orders:addVersion`]);
      });

    keptAttribute("gcp-secretmanager", "numbers in fields of others, as they were written", async () => {
      cloud.secrets.add("orders", `{${LONG_NUMBERS}}`);
      expect(await program("regenerate")).toMatchObject({ code: 0 });
      expect(cloud.secrets.value("orders")).toContain(LONG_NUMBERS);
      expect(one.accepts(document().client_secret as string)).toBe(true);
    });

    test.each([
      [
        "an expiry",
        { expireTime: "2999-01-01T00:00:00Z" },
        "Google deletes the secret at 2999-01-01T00:00:00Z",
      ],
      [
        "aliases",
        { versionAliases: { stable: "1" } },
        "its aliases stay on the versions that they name (stable)",
      ],
    ])("is warned about when it has %s", async (_title, traits, warning) => {
      cloud.secrets.add("orders", "{}");
      cloud.secrets.traits.set("orders", traits);
      expect(await program("regenerate", "", {}, ["--dry-run"])).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(warning),
      });
    });
  });

  describe("a regional secret", () => {
    const REGIONAL = `gcp-secretmanager:projects/${PROJECT}/locations/europe-west1/secrets/orders`;
    const run = (options = "", command = "regenerate"): Promise<ProgramResult> =>
      one.run([
        command,
        ...(command === "remove" ? ["--yes"] : []),
        "--client-id",
        one.id,
        "--store",
        REGIONAL + options,
      ]);

    test("is at its region's own address, and nowhere else", async () => {
      cloud.secrets.add("europe-west1/orders", '{"note":"mine"}');
      expect(await run()).toMatchObject({ code: 0 });
      const held = JSON.parse(cloud.secrets.value("europe-west1/orders") ?? "{}");
      expect(held).toMatchObject({ note: "mine", stores: [REGIONAL] });
      expect(one.accepts(held.client_secret)).toBe(true);
      expect(cloud.secrets.exists("orders")).toBe(false);
      expect(cloud.tunnel.asked.filter((host) => host.startsWith("secretmanager."))).not.toContain(
        "secretmanager.googleapis.com",
      );
    });

    test("is created in its region", async () => {
      expect(await run("?create=true")).toMatchObject({ code: 0 });
      expect(cloud.secrets.exists("europe-west1/orders")).toBe(true);
    });

    test("takes no locations", async () => {
      expect(await run("?create=true&locations=europe-west3")).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("locations is not for a regional secret"),
      });
    });
  });

  describe("?field=client_secret", () => {
    test("keeps the bare value, whatever was there", async () => {
      cloud.secrets.add("orders", "a password");
      const result = await program("regenerate", "?field=client_secret");
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("it cannot be read back") });
      expect(one.accepts(cloud.secrets.value("orders"))).toBe(true);
      expect(cloud.secrets.states("orders")).toEqual(["ENABLED", "ENABLED"]);
    });

    test("disables the version before with disable_previous=true, also after a lost answer", async () => {
      cloud.secrets.add("orders", "a password");
      afterCall(() => {
        cloud.secrets.losesAnswers = 1;
      });
      const result = await program("regenerate", "?disable_previous=true&field=client_secret");
      expect(result).toMatchObject({ code: 0 });
      expect(one.accepts(cloud.secrets.value("orders"))).toBe(true);
      expect(cloud.secrets.states("orders")).toEqual(["DISABLED", "ENABLED"]);
    });
  });

  test("the answer to a write is lost: it is not written twice", async () => {
    cloud.secrets.create("orders");
    cloud.secrets.losesAnswers = 1;
    expect(await program("regenerate")).toMatchObject({ code: 0 });
    expect(cloud.secrets.states("orders")).toHaveLength(1);
  });

  test("Google still gives an older version for the latest: ours is read by its number", async () => {
    cloud.secrets.add("orders", "{}");
    afterCall(() => {
      cloud.secrets.add = new Proxy(cloud.secrets.add, {
        apply: (add, self, args: [string, string]) => {
          cloud.secrets.lags = 1;
          return add.apply(self, args);
        },
      });
    });
    expect(await program("regenerate")).toMatchObject({ code: 0 });
    expect(cloud.secrets.calls.at(-1)).toBe(`GET /v1/projects/${PROJECT}/secrets/orders/versions/2:access`);
  });

  test("the slower of two runs does not put its dead secret over the later one", async () => {
    cloud.secrets.create("orders");
    overtake(one.sandbox, one.id, (later) => cloud.secrets.add("orders", JSON.stringify(later)));
    expect(await program("regenerate")).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("holds the secret of another run"),
    });
    expect(one.accepts(String(document().client_secret))).toBe(true);
  });

  describe("credentials", () => {
    test("may be a key file, in an --env-file", async () => {
      cloud.secrets.create("orders");
      const file = join(one.folder, "google.env");
      const key = cloud.environment.GOOGLE_APPLICATION_CREDENTIALS as string;
      writeFileSync(file, `GOOGLE_APPLICATION_CREDENTIALS=${key}\nGOOGLE_CLOUD_PROJECT=x\n`);
      const { GOOGLE_APPLICATION_CREDENTIALS: _, ...environment } = cloud.environment;
      const result = await runProgram(
        ["regenerate", "--client-id", one.id, "--store", URI, "--env-file", file],
        { HOME: one.folder, ...one.sandbox.environment, ...environment },
        one.folder,
      );
      expect(result).toMatchObject({ code: 0 });
      expect(result.stderr).toContain("does not see GOOGLE_CLOUD_PROJECT of the env file");
    });

    test("are told when the key file is not there", async () => {
      const GOOGLE_APPLICATION_CREDENTIALS = join(one.folder, "missing.json");
      await expectNotReady(
        program("regenerate", "", { GOOGLE_APPLICATION_CREDENTIALS }),
        "there are no usable Google Cloud credentials",
        "gcloud auth application-default login",
      );
    });

    test("may be an executable's, which does not inherit the admin's", async () => {
      cloud.secrets.create("orders");
      const seen = join(one.folder, "seen");
      const answer = { version: 1, success: true, token_type: "urn:ietf:params:oauth:token-type:jwt" };
      const script = join(one.folder, "source.sh");
      writeFileSync(
        script,
        `#!/bin/sh\nenv > '${seen}'\necho '${JSON.stringify({ ...answer, id_token: TRUSTED, expiration_time: 4_102_444_800 })}'\n`,
        { mode: 0o755 },
      );
      const source = {
        type: "external_account",
        audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: "https://sts.googleapis.com/v1/token",
        credential_source: { executable: { command: script, timeout_millis: 5000 } },
      };
      const GOOGLE_APPLICATION_CREDENTIALS = join(one.folder, "external.json");
      writeFileSync(GOOGLE_APPLICATION_CREDENTIALS, JSON.stringify(source));
      const allowed = { GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: "1" };
      const result = await program("regenerate", "", { GOOGLE_APPLICATION_CREDENTIALS, ...allowed });
      expect(result).toMatchObject({ code: 0 });
      expect(readFileSync(seen, "utf8")).toContain("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1");
      expect(readFileSync(seen, "utf8")).not.toContain("GENESYSCLOUD_OAUTHCLIENT");
    });

    test("GOOGLE_SDK_NODE_LOGGING=all does not log requests", async () => {
      cloud.secrets.create("orders");
      const result = await program("regenerate", "", { GOOGLE_SDK_NODE_LOGGING: "all" });
      expect(result).toMatchObject({ code: 0 });
      expect(result.stderr).not.toMatch(/oauth2\.googleapis|google-auth/);
    });
  });

  describe("remove", () => {
    test("destroys what the latest version holds, and leaves the secret", async () => {
      cloud.secrets.create("orders");
      await program("regenerate");
      expect(await program("remove")).toMatchObject({ code: 0 });
      expect(cloud.secrets.states("orders")).toEqual(["DESTROYED"]);
    });

    test("takes out its own fields only, when others have some", async () => {
      cloud.secrets.add("orders", '{"note":"mine"}');
      await program("regenerate");
      expect(await program("remove")).toMatchObject({ code: 0 });
      expect(document()).toEqual({ note: "mine" });
    });

    test("leaves another client's alone", async () => {
      cloud.secrets.add("orders", '{"client_id":"another","client_secret":"theirs"}');
      expect(await program("remove")).toMatchObject({ code: 0 });
      expect(document().client_secret).toBe("theirs");
    });
  });

  test("Google's own client understands the test's server, and what the store wrote", async () => {
    cloud.secrets.create("orders");
    await program("regenerate");
    const plain = await HttpGate.open(cloud.secrets.listener);
    try {
      const script = join(__dirname, "../../../helpers/gcp/judge.ts");
      const args = ["--import", "tsx", script, String(plain.port), cloud.token, PROJECT];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
      });
      await once(child, "close");
      const judgement: Judgement = JSON.parse(output);
      expect(judgement).toMatchObject({
        added: "projects/123456789012/secrets/orders/versions/2",
        permissions: ["secretmanager.versions.add"],
        missing: 404,
      });
      expect(one.accepts(JSON.parse(judgement.latest).client_secret)).toBe(true);
      expect(cloud.secrets.value("orders")).toBe("by the client");
    } finally {
      await plain.stop();
    }
  });
});
