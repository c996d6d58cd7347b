import { describeUnlessMissing } from "../../../helpers/engines";
import { overtake } from "../../../helpers/later-run";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";

const NAME = "/genesys/orders";
const URI = `aws-ssm:${NAME}`;
const ACTIONS = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);

interface Held {
  readonly Value: string;
  readonly Type: string;
  readonly Version: number;
}

interface Traits {
  readonly KeyId?: string;
  readonly Tier?: string;
  readonly Description?: string;
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

  function expectNotReady(result: ProgramResult, message: string): void {
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(message) });
    expect(rotation.regenerations).toBe(0);
  }

  test("is replaced under the key and in the tier it has", async () => {
    await put('{"team":"orders"}', { KeyId: "alias/orders", Tier: "Advanced", Description: "Theirs" });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await traits()).toMatchObject({ KeyId: "alias/orders", Tier: "Advanced", Description: "Theirs" });
    expect(await held()).toMatchObject({ Type: "SecureString", Version: 2 });
    expect(await lives()).toBe(true);
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
    // Prepared, read for the plan, read before the write; then read back.
    rotation.aws.plan({ operation: "GetParameter", skip: 3, times: 2, instead: { status: 200, body: old } });
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
      rotation.run(["remove", "--client-id", rotation.client.id, "--store", store]);

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
