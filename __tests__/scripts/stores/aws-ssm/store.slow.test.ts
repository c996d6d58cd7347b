import { describeUnlessMissing } from "../../../helpers/engines";
import { overtake } from "../../../helpers/later-run";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";

const NAME = "/genesys/orders";
const URI = `aws-ssm:${NAME}`;
const ACTIONS = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);

/** All that a write says again. */
const TRAITS = {
  KeyId: "alias/orders",
  Tier: "Advanced",
  Description: "Theirs",
  AllowedPattern: ".*",
  DataType: "text",
};
const NO_CHANGE = JSON.stringify([
  { Type: "NoChangeNotification", Version: "1.0", Attributes: { After: "20", Unit: "Days" } },
]);

interface Held {
  readonly Value: string;
  readonly Type: string;
  readonly Version: number;
}

interface Traits {
  readonly KeyId?: string;
  readonly Tier?: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly DataType?: string;
  readonly Policies?: unknown;
}

describeUnlessMissing(missingMoto, "a parameter of AWS SSM", () => {
  let moto: Moto;
  let rotation: MotoRotation;

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  beforeEach(async () => {
    rotation = await MotoRotation.start(moto, ACTIONS);
  });

  afterEach(() => rotation.close());

  const put = (Value: string, traits: object = {}): Promise<unknown> =>
    moto.asAws((call) => call.ssm("PutParameter", { Name: NAME, Value, Type: "SecureString", ...traits }));

  async function held(): Promise<Held | undefined> {
    return moto
      .asAws((call) => call.ssm<{ Parameter: Held }>("GetParameter", { Name: NAME, WithDecryption: true }))
      .then(
        ({ Parameter }) => Parameter,
        () => undefined,
      );
  }

  async function traits(): Promise<Traits> {
    const filter = { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [NAME] }] };
    const { Parameters } = await moto.asAws((call) =>
      call.ssm<{ Parameters: Traits[] }>("DescribeParameters", filter),
    );
    return Parameters[0] ?? {};
  }

  async function lives(): Promise<boolean> {
    const { client_secret } = JSON.parse((await held())?.Value ?? "{}");
    return rotation.sandbox.accepts(rotation.client.id, String(client_secret));
  }

  const expectNotReady = (result: ProgramResult, message: string): void =>
    rotation.expectNotReady(result, message);

  test("is replaced under the key and in the tier it has", async () => {
    await put('{"team":"orders"}', { KeyId: "alias/orders", Tier: "Advanced", Description: "Theirs" });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await traits()).toMatchObject({ KeyId: "alias/orders", Tier: "Advanced", Description: "Theirs" });
    // One version of the rehearsal, with the value that was there, and one with the secret.
    expect(await held()).toMatchObject({ Type: "SecureString", Version: 3 });
    expect(await lives()).toBe(true);
  });

  test.each(["Policies", "Description", "AllowedPattern", "DataType", "Tier", "KeyId"] as const)(
    "keeps its %s",
    async (name) => {
      await put("{}", { ...TRAITS, Policies: NO_CHANGE });
      const { [name]: before } = await traits();
      expect(before).toBeDefined();
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect((await traits())[name]).toEqual(before);
    },
  );

  test("keeps its tags", async () => {
    await put("{}", { Tags: [{ Key: "team", Value: "orders" }] });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    const asked = { ResourceType: "Parameter", ResourceId: NAME };
    expect(await moto.asAws((call) => call.ssm("ListTagsForResource", asked))).toMatchObject({
      TagList: [{ Key: "team", Value: "orders" }],
    });
  });

  test("says again in each write what AWS might otherwise set to its own default", async () => {
    await put("{}", TRAITS);
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    const said = { ...TRAITS, Name: NAME, Type: "SecureString", Overwrite: true };
    expect(rotation.aws.callsOf("PutParameter")).toEqual([
      { ...said, Value: "{}" },
      { ...said, Value: expect.stringContaining(rotation.client.id) },
    ]);
  });

  test("a policy that deletes it is warned about", async () => {
    await put("{}");
    const PolicyText = JSON.stringify({
      Type: "Expiration",
      Version: "1.0",
      Attributes: { Timestamp: "2999-01-01T00:00:00.000Z" },
    });
    const Policies = [{ PolicyText, PolicyType: "Expiration", PolicyStatus: "Pending" }];
    // Moto gives policies back in a form of its own.
    const body = { Parameters: [{ Name: NAME, Tier: "Advanced", Policies }] };
    rotation.aws.plan({ operation: "DescribeParameters", instead: { status: 200, body } });
    expect(await rotation.regenerate(URI)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("deletes it at 2999-01-01T00:00:00.000Z, and the secret with it"),
    });
  });

  test("is written where IAM allows nothing but to overwrite", async () => {
    await put("{}");
    rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite !== true);
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await lives()).toBe(true);
  });

  test("a dry run writes nothing and says so; with --rehearse it tries the write", async () => {
    await put("{}");
    const dry = await rotation.regenerate(URI, "--dry-run");
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining("the write itself (--rehearse") });
    expect(await held()).toMatchObject({ Value: "{}", Version: 1 });
    expect(await rotation.regenerate(URI, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(await held()).toMatchObject({ Value: "{}", Version: 2 });
    rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite === true);
    expectNotReady(await rotation.regenerate(URI, "--dry-run", "--rehearse"), "may not ssm:PutParameter");
  });

  test("what another run writes just before the rehearsal is put back, and the run ends with 6", async () => {
    await put("{}");
    const theirs = '{"theirs":true}';
    rotation.aws.plan({ operation: "PutParameter", instead: () => put(theirs, { Overwrite: true }) });
    expectNotReady(await rotation.regenerate(URI), "is being written by another run");
    expect((await held())?.Value).toBe(theirs);
  });

  describe("ends with 6", () => {
    test("when it is absent and not to be created: the option is named", async () => {
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "there is no such parameter in us-east-1");
      expect(result.stderr).toContain("create=true");
    });

    test("when it is not encrypted", async () => {
      await put("{}", { Type: "String" });
      expectNotReady(await rotation.regenerate(URI), "it is a String");
    });

    test("when it holds a text that is not a JSON object", async () => {
      await put("their-own-value");
      expectNotReady(await rotation.regenerate(URI), "it holds something that is not a JSON object");
      expect(await held()).toMatchObject({ Value: "their-own-value", Version: 1 });
    });

    test("when there is no room beside the fields of others; an advanced parameter has it", async () => {
      const text = JSON.stringify({ much: "x".repeat(3_000) });
      await put(text);
      expectNotReady(await rotation.regenerate(URI), "and its tier holds 4096");
      await put(text, { Tier: "Advanced", Overwrite: true });
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await lives()).toBe(true);
    });

    describe.each([
      ["one that is there", "", () => put("{}")],
      ["one that is created", "?create=true", async () => {}],
    ])("for %s", (_title, query, prepare) => {
      beforeEach(prepare);

      test("when IAM denies ssm:Overwrite", async () => {
        rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite === true);
        expectNotReady(await rotation.regenerate(URI + query), "the credentials may not ssm:PutParameter");
        expect(await held()).toMatchObject({ Value: "{}", Version: 1 });
      });

      test("when its KMS key refuses to encrypt", async () => {
        rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite === true, "InvalidKeyId");
        const result = await rotation.regenerate(URI + query);
        expectNotReady(result, "its KMS key cannot be used for ssm:PutParameter (InvalidKeyId)");
        expect(result.stderr).toContain("kms:Encrypt");
      });

      test("when it can have no more versions", async () => {
        const error = "ParameterMaxVersionLimitExceeded";
        rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite === true, error);
        const result = await rotation.regenerate(URI + query);
        expectNotReady(result, `ssm:PutParameter failed (${error}`);
        expect(result.stderr).toContain("take the label off its oldest version");
      });
    });

    test("when IAM denies to create it", async () => {
      rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite !== true);
      expectNotReady(await rotation.regenerate(`${URI}?create=true`), "may not ssm:PutParameter");
      expect(await held()).toBeUndefined();
    });

    test("when its allowed pattern lets no document in", async () => {
      await put("{}", { AllowedPattern: "[{}]{2}" });
      expectNotReady(await rotation.regenerate(URI), "its allowed pattern does not let in");
    });

    test.each(ACTIONS)("when the permission %s is missing", async (missing) => {
      await put("{}");
      await moto.allow(
        "rotator",
        ACTIONS.filter((action) => action !== missing),
      );
      expectNotReady(
        await rotation.regenerate(URI),
        `the credentials may not ${missing} (AccessDeniedException)`,
      );
      expect(await held()).toMatchObject({ Value: "{}", Version: 1 });
    });
  });

  describe("create=true", () => {
    const options =
      "create=true&kms_key=alias%2Forders&description=For+orders&tags=team%3Dorders&tier=advanced";

    test("creates it before the call", async () => {
      let before: unknown;
      rotation.onRegenerate(async () => {
        before = (await held())?.Value;
      });
      expect(await rotation.regenerate(`${URI}?${options}`)).toMatchObject({ code: 0 });
      expect(before).toBe("{}");
      expect(await traits()).toMatchObject({
        KeyId: "alias/orders",
        Tier: "Advanced",
        Description: "For orders",
      });
      expect(await lives()).toBe(true);
    });

    test("a dry run creates nothing", async () => {
      expect((await rotation.regenerate(`${URI}?${options}`, "--dry-run")).code).toBe(0);
      expect(await held()).toBeUndefined();
    });
  });

  test("a version that is not to be seen yet is waited for", async () => {
    await put("{}");
    const old = { Parameter: { Name: NAME, Type: "SecureString", Value: "{}", Version: 1 } };
    // Prepared, read for the plan, rehearsed, read before the write; then read back.
    rotation.aws.plan({ operation: "GetParameter", skip: 4, times: 2, instead: { status: 200, body: old } });
    expect(await rotation.regenerate(URI, "--retry-timeout", "120")).toMatchObject({ code: 0 });
    expect(await lives()).toBe(true);
  });

  test("ends with 9 and leaves the secret of a later run in place", async () => {
    await put(rotation.document(rotation.client.secret));
    overtake(rotation.sandbox, rotation.client.id, (later) =>
      put(JSON.stringify(later), { Overwrite: true }),
    );
    expect(await rotation.regenerate(URI)).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("holds the secret of another run"),
    });
    expect(await lives()).toBe(true);
  });

  test("ends with 0 and writes over the secret of an earlier run", async () => {
    await put(rotation.document(rotation.client.secret));
    const earlier = rotation.document("of-the-other-run", { regenerated_at: "2999-01-01T00:00:00.000Z" });
    rotation.onRegenerate(() => put(earlier, { Overwrite: true }));
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await lives()).toBe(true);
  });

  test("field=client_secret keeps the bare value", async () => {
    await put("something else");
    const result = await rotation.regenerate(`${URI}?field=client_secret`);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("it cannot be read back") });
    expect(rotation.sandbox.accepts(rotation.client.id, (await held())?.Value ?? "")).toBe(true);
  });

  describe("remove", () => {
    const remove = (store: string): Promise<ProgramResult> =>
      rotation.run(["remove", "--yes", "--client-id", rotation.client.id, "--store", store]);

    beforeEach(() => moto.allow("rotator", [...ACTIONS, "ssm:DeleteParameter"]));

    test("what may be created is deleted", async () => {
      await put(rotation.document(rotation.client.secret));
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect(await held()).toBeUndefined();
    });

    test.each([
      ["what somebody else has created is emptied", {}, "", {}],
      ["the fields of others stay", { team: "orders" }, "?create=true", { team: "orders" }],
    ])("leaves the rest: %s", async (_title, fields, query, left) => {
      await put(rotation.document(rotation.client.secret, fields));
      expect(await remove(URI + query)).toMatchObject({ code: 0 });
      expect(JSON.parse((await held())?.Value ?? "")).toEqual(left);
    });

    test("another client's document stays", async () => {
      const text = rotation.document("x", { client_id: "another" });
      await put(text);
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect((await held())?.Value).toBe(text);
    });
  });
});
