import { describeUnlessMissing } from "../../../helpers/engines";
import { overtake } from "../../../helpers/later-run";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoParameter } from "../../../helpers/moto-parameter";
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
describeUnlessMissing(missingMoto, "a parameter of AWS SSM", () => {
  let moto: Moto;
  let rotation: MotoRotation;
  let parameter: MotoParameter;

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  beforeEach(async () => {
    rotation = await MotoRotation.start(moto, ACTIONS);
    parameter = new MotoParameter(moto, NAME);
  });

  afterEach(() => rotation.close());

  const put = (text: string, traits?: object): Promise<unknown> => parameter.put(text, traits);

  async function lives(): Promise<boolean> {
    const { client_secret } = JSON.parse((await parameter.held())?.Value ?? "{}");
    return rotation.sandbox.accepts(rotation.client.id, String(client_secret));
  }

  const expectNotReady = (result: ProgramResult, message: string): void =>
    rotation.expectNotReady(result, message);

  test("is replaced under the key and in the tier it has", async () => {
    await put('{"team":"orders"}', { KeyId: "alias/orders", Tier: "Advanced", Description: "Theirs" });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await parameter.traits()).toMatchObject({
      KeyId: "alias/orders",
      Tier: "Advanced",
      Description: "Theirs",
    });
    // One version of the rehearsal, with the value that was there, and one with the secret.
    expect(await parameter.held()).toMatchObject({ Type: "SecureString", Version: 3 });
    expect(await lives()).toBe(true);
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

  test("a dry run writes nothing and says so; with --rehearse it tries the write", async () => {
    await put("{}");
    const dry = await rotation.regenerate(URI, "--dry-run");
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining("the write itself (--rehearse") });
    expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
    expect(await rotation.regenerate(URI, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 2 });
    rotation.aws.deny("PutParameter", ({ Overwrite }) => Overwrite === true);
    expectNotReady(await rotation.regenerate(URI, "--dry-run", "--rehearse"), "may not ssm:PutParameter");
  });

  describe("create=true", () => {
    const options =
      "create=true&kms_key=alias%2Forders&description=For+orders&tags=team%3Dorders&tier=advanced";

    test("creates it before the call", async () => {
      let before: unknown;
      rotation.onRegenerate(async () => {
        before = (await parameter.held())?.Value;
      });
      expect(await rotation.regenerate(`${URI}?${options}`)).toMatchObject({ code: 0 });
      expect(before).toBe("{}");
      expect(await parameter.traits()).toMatchObject({
        KeyId: "alias/orders",
        Tier: "Advanced",
        Description: "For orders",
      });
      expect(await lives()).toBe(true);
    });

    test("a dry run creates nothing", async () => {
      expect((await rotation.regenerate(`${URI}?${options}`, "--dry-run")).code).toBe(0);
      expect(await parameter.held()).toBeUndefined();
    });
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
    expect(rotation.sandbox.accepts(rotation.client.id, (await parameter.held())?.Value ?? "")).toBe(true);
  });

  describe("remove", () => {
    const remove = (store: string): Promise<ProgramResult> =>
      rotation.run(["remove", "--yes", "--client-id", rotation.client.id, "--store", store]);

    beforeEach(() => moto.allow("rotator", [...ACTIONS, "ssm:DeleteParameter"]));

    test("what may be created is deleted", async () => {
      await put(rotation.document(rotation.client.secret));
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect(await parameter.held()).toBeUndefined();
    });

    test.each([
      ["what somebody else has created is emptied", {}, "", {}],
      ["the fields of others stay", { team: "orders" }, "?create=true", { team: "orders" }],
    ])("leaves the rest: %s", async (_title, fields, query, left) => {
      await put(rotation.document(rotation.client.secret, fields));
      expect(await remove(URI + query)).toMatchObject({ code: 0 });
      expect(JSON.parse((await parameter.held())?.Value ?? "")).toEqual(left);
    });

    test("another client's document stays", async () => {
      const text = rotation.document("x", { client_id: "another" });
      await put(text);
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect((await parameter.held())?.Value).toBe(text);
    });
  });
});
