import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";

const NAME = "genesys/orders";
const URI = `aws-secretsmanager:${NAME}`;
const EXISTING = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
  (action) => `secretsmanager:${action}`,
);
const CREATING = [...EXISTING, "secretsmanager:CreateSecret"];

interface Described {
  readonly ARN: string;
  readonly Description?: string;
  readonly KmsKeyId?: string;
  readonly Tags?: { Key: string; Value: string }[];
  readonly DeletedDate?: number;
}

describeUnlessMissing(missingMoto, "a secret of AWS Secrets Manager", () => {
  let moto: Moto;
  let rotation: MotoRotation;

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  beforeEach(async () => {
    rotation = await MotoRotation.start(moto, EXISTING);
  });

  afterEach(() => rotation.close());

  const ask = <T = unknown>(operation: string, input: object = { SecretId: NAME }): Promise<T> =>
    moto.asAws((call) => call.secretsmanager<T>(operation, input));
  const create = (input: object = { SecretString: "{}" }): Promise<{ ARN: string }> =>
    ask("CreateSecret", { Name: NAME, ...input });
  const described = (): Promise<Described | undefined> =>
    ask<Described>("DescribeSecret").catch(() => undefined);
  const held = async (): Promise<Record<string, unknown>> =>
    JSON.parse(
      (
        await ask<{ SecretString: string }>("GetSecretValue", {
          SecretId: NAME,
          VersionStage: "AWSCURRENT",
        })
      ).SecretString,
    );

  const expectNotReady = (result: ProgramResult, message: string): void =>
    rotation.expectNotReady(result, message);

  describe("ends with 6", () => {
    test("when it is absent and not to be created: the option is named", async () => {
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "there is no such secret in us-east-1");
      expect(result.stderr).toContain("create=true");
      expect(await described()).toBeUndefined();
    });

    test("when it is scheduled for deletion", async () => {
      await create();
      await ask("DeleteSecret");
      expectNotReady(await rotation.regenerate(URI), "it is scheduled for deletion");
    });

    test.each([
      ["a text that is not JSON", { SecretString: "not JSON" }],
      ["a list", { SecretString: "[1]" }],
      ["bytes", { SecretBinary: Buffer.from("{}").toString("base64") }],
    ])("when it holds %s", async (_title, input) => {
      await create(input);
      expectNotReady(await rotation.regenerate(URI), "it holds something that is not a JSON object");
    });

    test("when there is no room left in it", async () => {
      await create({ SecretString: JSON.stringify({ much: "x".repeat(64_000) }) });
      expectNotReady(await rotation.regenerate(URI), "no room left in its 64 KB");
    });

    test.each(EXISTING)("when the permission %s is missing", async (missing) => {
      await create();
      await moto.allow(
        "rotator",
        EXISTING.filter((action) => action !== missing),
      );
      const result = await rotation.regenerate(URI);
      expectNotReady(result, `the credentials may not ${missing} (AccessDeniedException)`);
      expect(result.stderr).toContain(`Grant ${missing} on it`);
    });

    test("when the permission secretsmanager:CreateSecret is missing", async () => {
      const result = await rotation.regenerate(`${URI}?create=true`);
      expectNotReady(result, "may not secretsmanager:CreateSecret");
    });

    test.each([
      ["a replica", { PrimaryRegion: "eu-west-1" }, "it is a replica"],
      ["managed by another service", { OwningService: "rds" }, "another AWS service manages it"],
    ])("when it is %s", async (_title, traits, message) => {
      await create();
      const body = { ARN: "arn", Name: NAME, ...traits };
      rotation.aws.plan({ operation: "DescribeSecret", instead: { status: 200, body } });
      expectNotReady(await rotation.regenerate(URI), message);
    });

    test.each(["DecryptionFailure", "KMSAccessDeniedException"])("when its key gives %s", async (name) => {
      await create();
      const body = { __type: name, message: "the key arn:aws:kms:x is disabled" };
      rotation.aws.plan({ operation: "GetSecretValue", times: 9, instead: { status: 400, body } });
      const result = await rotation.regenerate(URI);
      expectNotReady(result, `its KMS key cannot be used for secretsmanager:GetSecretValue (${name})`);
      expect(result.stderr).not.toContain("disabled");
    });
  });

  test("a rotation that AWS does itself is warned about", async () => {
    await create();
    const body = { ARN: "arn", Name: NAME, RotationEnabled: true };
    rotation.aws.plan({ operation: "DescribeSecret", instead: { status: 200, body } });
    const result = await rotation.regenerate(URI);
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Secrets Manager rotates this secret itself"),
    });
  });

  test("throttling for a moment is waited for", async () => {
    await create();
    const body = { __type: "ThrottlingException", message: "Rate exceeded" };
    rotation.aws.plan({ operation: "DescribeSecret", times: 2, instead: { status: 400, body } });
    expect(await rotation.regenerate(URI, "--retry-timeout", "120")).toMatchObject({ code: 0 });
  });

  describe("create=true", () => {
    const options =
      "create=true&kms_key=alias%2Forders&description=For+orders&tags=team%3Dorders%2Cstage%3Dprod";

    beforeEach(() => moto.allow("rotator", CREATING));

    test("creates it with its traits, before the call; the first secret is staged, too", async () => {
      let before: unknown;
      rotation.onRegenerate(async () => {
        before = await held().catch(() => "nothing");
      });
      const result = await rotation.regenerate(`${URI}?${options}`);
      expect(result).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("created in us-east-1, still"),
      });
      expect([{}, "nothing"]).toContainEqual(before);
      expect(await described()).toMatchObject({
        Description: "For orders",
        KmsKeyId: "alias/orders",
        Tags: [
          { Key: "team", Value: "orders" },
          { Key: "stage", Value: "prod" },
        ],
      });
      expect(rotation.sandbox.accepts(rotation.client.id, String((await held()).client_secret))).toBe(true);
    });

    test.each([
      ["is not there", false],
      ["is there", true],
    ])("a policy that hides whether it %s", async (_title, there) => {
      if (there) await create({ SecretString: '{"team":"orders"}' });
      const body = { __type: "AccessDeniedException" };
      rotation.aws.plan({ operation: "DescribeSecret", instead: { status: 400, body } });
      const result = await rotation.regenerate(`${URI}?create=true`);
      expect(result).toMatchObject({ code: 0 });
      expect(result.stderr.includes("created in")).toBe(!there);
      expect((await held()).team).toBe(there ? "orders" : undefined);
    });

    test("a dry run creates nothing", async () => {
      const result = await rotation.regenerate(`${URI}?${options}`, "--dry-run");
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("a run would create it") });
      expect(await described()).toBeUndefined();
    });

    test("what exists is used as it is", async () => {
      await create({ SecretString: '{"team":"orders"}', Description: "Theirs" });
      expect((await rotation.regenerate(`${URI}?${options}`)).code).toBe(0);
      expect(await described()).toMatchObject({ Description: "Theirs" });
      expect(await held()).toMatchObject({ team: "orders" });
    });
  });

  test("may be empty, as Terraform makes it", async () => {
    await create({});
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(rotation.sandbox.accepts(rotation.client.id, String((await held()).client_secret))).toBe(true);
  });

  test("may be named by its ARN, which names the region", async () => {
    const { ARN } = await create();
    const environment = { AWS_REGION: "eu-west-1" };
    const store = `aws-secretsmanager:${ARN}`;
    const args = ["regenerate", "--client-id", rotation.client.id, "--store", store];
    expect(await rotation.run(args, environment)).toMatchObject({ code: 0 });
    expect(new Set(rotation.aws.calls.map(({ region }) => region))).toEqual(new Set(["us-east-1"]));
  });

  describe("remove", () => {
    const remove = (store: string): Promise<ProgramResult> =>
      rotation.run(["remove", "--yes", "--client-id", rotation.client.id, "--store", store]);

    beforeEach(() => moto.allow("rotator", [...CREATING, "secretsmanager:DeleteSecret"]));

    test("what may be created is deleted, with the time in which it can be restored", async () => {
      await create({ SecretString: rotation.document(rotation.client.secret) });
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect((await described())?.DeletedDate).toBeGreaterThan(Date.now() / 1000 + 6 * 86_400);
      const { input } = rotation.aws.calls.find(({ operation }) => operation === "DeleteSecret") ?? {};
      expect(input).toEqual({ SecretId: NAME });
    });

    test("what somebody else has created is emptied", async () => {
      await create({ SecretString: rotation.document(rotation.client.secret) });
      expect(await remove(URI)).toMatchObject({ code: 0 });
      expect((await described())?.DeletedDate).toBeNull();
      expect(await held()).toEqual({});
    });

    test("the fields of others stay", async () => {
      await create({ SecretString: rotation.document(rotation.client.secret, { team: "orders" }) });
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect(await held()).toEqual({ team: "orders" });
    });

    test("another client's document stays", async () => {
      const text = rotation.document("x", { client_id: "another" });
      await create({ SecretString: text });
      expect(await remove(`${URI}?create=true`)).toMatchObject({ code: 0 });
      expect(await held()).toEqual(JSON.parse(text));
    });
  });
});
