import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";

const NAME = "genesys/orders";
const URI = `aws-secretsmanager:${NAME}`;
const LABEL = "GENESYS_SECRET_REHEARSAL";
const ACTIONS = [
  "DescribeSecret",
  "GetSecretValue",
  "PutSecretValue",
  "UpdateSecretVersionStage",
  "CreateSecret",
].map((action) => `secretsmanager:${action}`);
const TAGS = [{ Key: "team", Value: "orders" }];

describeUnlessMissing(missingMoto, "a write that is rehearsed in AWS Secrets Manager", () => {
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

  const ask = <T = Record<string, unknown>>(operation: string, input: object = {}): Promise<T> =>
    moto.asAws((call) => call.secretsmanager<T>(operation, { SecretId: NAME, ...input }));
  const create = (input: object = {}): Promise<unknown> =>
    moto.asAws((call) =>
      call.secretsmanager("CreateSecret", { Name: NAME, SecretString: '{"team":"orders"}', ...input }),
    );
  const current = async (): Promise<string> =>
    (await ask<{ SecretString: string }>("GetSecretValue", { VersionStage: "AWSCURRENT" })).SecretString;

  test("is put under a stage that nobody reads, of the size and with the fields of the write, and read back", async () => {
    await create();
    let seen = "";
    rotation.onRegenerate(async () => {
      seen = await current();
    });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(seen).toBe('{"team":"orders"}');
    const [rehearsed, written] = rotation.aws.callsOf("PutSecretValue");
    expect(rehearsed).toMatchObject({ VersionStages: [LABEL] });
    expect(Object.keys(JSON.parse(String(rehearsed?.SecretString)))).toEqual(
      Object.keys(JSON.parse(String(written?.SecretString))),
    );
    expect(String(rehearsed?.SecretString)).toHaveLength(String(written?.SecretString).length);
    expect(rotation.aws.callsOf("GetSecretValue")).toContainEqual({
      SecretId: NAME,
      VersionId: rehearsed?.ClientRequestToken,
    });
    expect(JSON.stringify(await ask("DescribeSecret"))).not.toContain("GENESYS_SECRET");
  });

  test("a dry run puts nothing and says what it did not try; with --rehearse it tries", async () => {
    await create();
    const dry = await rotation.regenerate(URI, "--dry-run");
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining("the write itself (--rehearse") });
    expect(rotation.aws.callsOf("PutSecretValue")).toEqual([]);
    expect(await rotation.regenerate(URI, "--dry-run", "--rehearse")).toMatchObject({ code: 0 });
    expect(rotation.aws.callsOf("PutSecretValue")).toHaveLength(1);
    expect(await current()).toBe('{"team":"orders"}');
  });

  describe.each([
    ["one that is there", "", () => create()],
    ["one that is there without a version", "", () => create({ SecretString: undefined })],
    ["one that is created", "?create=true", async () => {}],
  ])("ends with 6 for %s", (_title, query, prepare) => {
    beforeEach(prepare);

    test.each([
      [
        "to put a version",
        "PutSecretValue",
        "AccessDeniedException",
        "may not secretsmanager:PutSecretValue",
      ],
      [
        "to encrypt with its KMS key",
        "PutSecretValue",
        "EncryptionFailure",
        "its KMS key cannot be used for secretsmanager:PutSecretValue (EncryptionFailure)",
      ],
      [
        "another version",
        "PutSecretValue",
        "LimitExceededException",
        "secretsmanager:PutSecretValue failed (LimitExceededException",
      ],
    ])("when AWS refuses %s", async (_what, operation, error, message) => {
      rotation.aws.deny(operation, undefined, error);
      rotation.expectNotReady(await rotation.regenerate(URI + query), message);
    });

    test("when IAM denies to move AWSCURRENT", async () => {
      rotation.aws.deny("UpdateSecretVersionStage", ({ VersionStage }) => VersionStage === "AWSCURRENT");
      rotation.expectNotReady(
        await rotation.regenerate(URI + query),
        "may not secretsmanager:UpdateSecretVersionStage",
      );
    });

    test("when IAM denies to read a version by its id", async () => {
      // Only the rehearsal asks for a version that this run has just put.
      rotation.aws.deny("GetSecretValue", ({ VersionId }) =>
        rotation.aws
          .callsOf("PutSecretValue")
          .some(({ VersionStages, ClientRequestToken }) =>
            [VersionStages].flat().includes(LABEL) ? ClientRequestToken === VersionId : false,
          ),
      );
      rotation.expectNotReady(
        await rotation.regenerate(URI + query),
        "may not secretsmanager:GetSecretValue",
      );
    });
  });

  test("ends with 6 when another run rehearses at the same time", async () => {
    await create();
    const theirs = { SecretString: "{}", VersionStages: [LABEL] };
    rotation.aws.plan({
      operation: "UpdateSecretVersionStage",
      when: ({ VersionStage }) => VersionStage === LABEL,
      instead: async () => {
        await ask("PutSecretValue", theirs);
      },
    });
    rotation.expectNotReady(await rotation.regenerate(URI), "is being made ready by another run");
  });

  describe("keeps of the secret", () => {
    test.each([
      ["the description", { Description: "Theirs" }, { Description: "Theirs" }],
      ["the KMS key", { KmsKeyId: "alias/orders" }, { KmsKeyId: "alias/orders" }],
      ["the tags", { Tags: TAGS }, { Tags: TAGS }],
      [
        "the replication",
        { AddReplicaRegions: [{ Region: "eu-west-1" }] },
        { ReplicationStatus: [{ Region: "eu-west-1", Status: "InSync" }] },
      ],
    ])("what its owner has set: %s", async (_title, given, kept) => {
      await create(given);
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await ask("DescribeSecret")).toMatchObject(kept);
    });

    test("the rotation settings", async () => {
      await create();
      const lambda = "arn:aws:lambda:us-east-1:123456789012:function:theirs";
      // Before a version of their rotation is there, or it would be under way.
      const body = {
        ...(await ask("DescribeSecret")),
        RotationEnabled: true,
        RotationLambdaARN: lambda,
      };
      rotation.aws.plan({ operation: "DescribeSecret", instead: { status: 200, body } });
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      const changing = /^(RotateSecret|CancelRotateSecret|UpdateSecret|PutResourcePolicy|TagResource)$/;
      expect(rotation.aws.calls.filter(({ operation }) => changing.test(operation))).toEqual([]);
    });
  });

  describe("a replica", () => {
    test.each([
      ["that failed", "Failed", 1],
      ["that lags", "InProgress", 5],
    ])("%s is warned about after the write", async (_title, Status, looks) => {
      await create();
      rotation.onRegenerate(async () => {
        const body = {
          ...(await ask("DescribeSecret")),
          ReplicationStatus: [{ Region: "eu-west-1", Status }],
        };
        // Before the version is staged, and before it becomes current; then the replicas are looked at.
        rotation.aws.plan({
          operation: "DescribeSecret",
          skip: 2,
          times: looks,
          instead: { status: 200, body },
        });
      });
      expect(await rotation.regenerate(URI)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(`its replica in eu-west-1 does not have the new secret (${Status})`),
      });
    });

    test("that follows within a moment is not", async () => {
      await create();
      rotation.onRegenerate(async () => {
        const lagging = [{ Region: "eu-west-1", Status: "InProgress" }];
        const body = { ...(await ask("DescribeSecret")), ReplicationStatus: lagging };
        rotation.aws.plan({ operation: "DescribeSecret", skip: 2, instead: { status: 200, body } });
      });
      const result = await rotation.regenerate(URI);
      expect(result).toMatchObject({ code: 0 });
      expect(result.stderr).not.toContain("replica");
    });
  });

  describe("?field=client_secret", () => {
    const BARE = `${URI}?field=client_secret`;

    test("keeps the bare value, whatever was there, and rehearses the same way", async () => {
      await create({ SecretString: "something else" });
      const result = await rotation.regenerate(BARE);
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("it cannot be read back") });
      expect(rotation.sandbox.accepts(rotation.client.id, await current())).toBe(true);
      expect(rotation.aws.callsOf("PutSecretValue").map(({ VersionStages }) => VersionStages)).toEqual([
        [LABEL],
        ["AWSCURRENT"],
      ]);
    });

    test("ends with 6 when its KMS key cannot encrypt", async () => {
      await create({ SecretString: "something else" });
      rotation.aws.deny("PutSecretValue", undefined, "EncryptionFailure");
      rotation.expectNotReady(await rotation.regenerate(BARE), "its KMS key cannot be used");
      expect(await current()).toBe("something else");
    });

    test("is created with create=true", async () => {
      expect(await rotation.regenerate(`${BARE}&create=true`)).toMatchObject({ code: 0 });
      expect(rotation.sandbox.accepts(rotation.client.id, await current())).toBe(true);
    });
  });
});
