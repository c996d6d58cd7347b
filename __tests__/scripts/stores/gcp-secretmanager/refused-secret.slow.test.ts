import { missingOpenssl } from "../../../helpers/azure/cloud-tunnel";
import { describeUnlessMissing } from "../../../helpers/engines";
import { GoogleCloud } from "../../../helpers/gcp/google-cloud";
import { oneClient } from "../../../helpers/one-client";
import { type Outcome, type Refusal, refusedWrite } from "../../../helpers/store-rows";

const PROJECT = "orders-project";
const URI = `gcp-secretmanager:projects/${PROJECT}/secrets/orders`;

describeUnlessMissing(missingOpenssl, "a write that Google Secret Manager refuses, or seems to", () => {
  let cloud: GoogleCloud;
  const one = oneClient({
    environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "1", ...cloud.environment }),
    credentials: () => [cloud.token, cloud.privateKey],
  });

  beforeEach(async () => {
    cloud = await GoogleCloud.start(PROJECT, one.folder);
  });

  afterEach(() => cloud.close());

  const document = (): Record<string, unknown> => JSON.parse(cloud.secrets.value("orders") ?? "{}");

  const row = (refusal: Omit<Refusal, "store">, run: () => Promise<Outcome>): void =>
    refusedWrite({ store: "gcp-secretmanager", ...refusal }, run);

  /** A run that has to end with 6, and to add no version. */
  async function refused(options: string, ...words: readonly string[]): Promise<Outcome> {
    const states = [...cloud.secrets.states("orders")];
    const result = await one.regenerate(URI + options);
    one.expectNotReady(result, ...words, "Secret:    not changed");
    expect(one.accepts(one.bornWith)).toBe(true);
    expect(cloud.secrets.states("orders")).toEqual(states);
    return { ...result, calls: one.attempted() };
  }

  /** A run that has to end with 0. */
  async function written(): Promise<Outcome> {
    const result = await one.regenerate(URI);
    expect(one.accepts(String(document().client_secret))).toBe(true);
    return { ...result, calls: one.attempted() };
  }

  describe.each([
    ["is there", "exists", []],
    ["is created", "new", ["create=true"]],
  ] as const)("of a secret that %s", (_title, place, create) => {
    const query = (...options: readonly string[]): string => {
      const all = [...create, ...options];
      return all.length === 0 ? "" : `?${all.join("&")}`;
    };

    beforeEach(() => {
      if (place === "exists") cloud.secrets.add("orders", '{"note":"mine"}');
    });

    row({ condition: "its key cannot encrypt", place, exit: 8, calls: 1 }, async () => {
      cloud.secrets.refusesToAdd = "The Cloud KMS key is disabled.";
      const dry = await one.regenerate(URI + query(), {}, "--dry-run");
      expect(dry).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(
          "whether the key of the secret can encrypt: that would cost a version",
        ),
      });
      const result = await one.regenerate(URI + query());
      const outcome = { ...result, calls: one.attempted() };
      expect(result.stderr).toContain("is NOT known to hold the new secret");
      cloud.secrets.refusesToAdd = undefined;
      expect(await one.regenerate(URI)).toMatchObject({ code: 0 });
      expect(one.accepts(document().client_secret as string)).toBe(true);
      return outcome;
    });

    for (const [right, role, options, which] of [
      ["access", "secretAccessor", [], ""],
      ["add", "secretVersionAdder", [], ""],
      ["add", "secretVersionAdder", ["field=client_secret"], ", a bare value"],
      ["disable", "secretVersionManager", ["disable_previous=true"], ", with disable_previous"],
    ] as const)
      row({ condition: `the right secretmanager.versions.${right} is missing${which}`, place }, async () => {
        cloud.secrets.rights = cloud.secrets.rights.filter((held) => !held.endsWith(right));
        return refused(
          query(...options),
          `the credentials lack secretmanager.versions.${right}`,
          `roles/secretmanager.${role}`,
        );
      });
  });

  describe("of a secret that is not there", () => {
    const place = "new";

    row({ condition: "it is not to be created", place }, () =>
      refused(
        "",
        "the secret does not exist, or the credentials lack secretmanager.versions.access, secretmanager.versions.add",
        "create=true",
      ),
    );

    row({ condition: "the right secretmanager.secrets.create is missing", place }, async () => {
      cloud.secrets.rights = ["secretmanager.versions.access", "secretmanager.versions.add"];
      const outcome = await refused("?create=true", "it answered 403, PERMISSION_DENIED");
      expect(cloud.secrets.exists("orders")).toBe(false);
      return outcome;
    });

    row({ condition: "its project is of somebody else, or has no Secret Manager", place }, async () => {
      await cloud.close();
      cloud = await GoogleCloud.start("another-project", one.folder);
      return refused("", "403, PERMISSION_DENIED", "Enable the Secret Manager API");
    });
  });

  describe("of a secret that is there", () => {
    const place = "exists";

    for (const state of ["DISABLED", "DESTROYED"])
      row({ condition: `the key of its version is ${state}, so that it cannot be read`, place }, async () => {
        cloud.secrets.add("orders", '{"note":"mine"}');
        const key = "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1";
        cloud.secrets.refusesToAccess = `${key} is not enabled, current state is: ${state}.`;
        return refused("", "it answered 400, FAILED_PRECONDITION", "the key that encrypts it");
      });

    for (const [condition, value, words] of [
      ["it holds a text and not a JSON object", "a password", "it holds something that is not a JSON object"],
      ["it holds a list and not a JSON object", '["theirs"]', "it holds something that is not a JSON object"],
      [
        "the fields of others leave no room in it",
        JSON.stringify({ big: "x".repeat(64_000) }),
        "leaves no room",
      ],
    ] as const)
      row({ condition, place }, async () => {
        cloud.secrets.add("orders", value);
        return refused("", words);
      });

    row(
      { condition: "it may not be looked at (secretmanager.secrets.get)", place, exit: 0, calls: 1 },
      async () => {
        cloud.secrets.add("orders", "{}");
        cloud.secrets.rights = ["secretmanager.versions.access", "secretmanager.versions.add"];
        return written();
      },
    );

    row({ condition: "its latest version is destroyed", place, exit: 0, calls: 1 }, async () => {
      cloud.secrets.add("orders", "{}");
      cloud.secrets.setState("orders", 1, "DESTROYED");
      return written();
    });

    row({ condition: "its only version is disabled", place, exit: 0, calls: 1 }, async () => {
      cloud.secrets.add("orders", '{"note":"mine"}');
      cloud.secrets.setState("orders", 1, "DISABLED");
      const outcome = await written();
      expect(outcome.stderr).toContain("what others keep in it is not taken over; it stays as it is");
      expect(cloud.secrets.states("orders")).toEqual(["DISABLED", "ENABLED"]);
      return outcome;
    });
  });
});
