import { describeUnlessMissing } from "../../../helpers/engines";
import { LONG_NUMBERS } from "../../../helpers/long-numbers";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";
import { keptAttribute, type Outcome, type Refusal, refusedWrite } from "../../../helpers/store-rows";

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

  const row = (refusal: Omit<Refusal, "store">, run: () => Promise<Outcome>): void =>
    refusedWrite({ store: "aws-secretsmanager", ...refusal }, run);

  const lives = async (): Promise<boolean> => {
    const { client_secret } = JSON.parse(await current());
    return rotation.sandbox.accepts(rotation.client.id, String(client_secret));
  };

  /** What a run came to that ended with 8; the next one heals once the condition is gone. */
  async function healed(result: ProgramResult): Promise<Outcome> {
    const outcome = rotation.outcome(result);
    expect(result.stderr).toContain("is NOT known to hold the new secret");
    expect(await lives()).toBe(false);
    rotation.aws.clear();
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await lives()).toBe(true);
    return outcome;
  }

  describe.each([
    ["is there", "exists", "", () => create()],
    [
      "is there without a version",
      "exists",
      ", no version is there",
      () => create({ SecretString: undefined }),
    ],
    ["is created", "new", "", async () => {}],
  ] as const)("of a secret that %s", (_title, place, which, prepare) => {
    const uri = place === "exists" ? URI : `${URI}?create=true`;
    beforeEach(prepare);

    for (const [condition, error, message] of [
      [
        "its KMS key may not be used to encrypt (AccessDeniedException)",
        "AccessDeniedException",
        "may not secretsmanager:PutSecretValue",
      ],
      [
        "its KMS key cannot encrypt (EncryptionFailure)",
        "EncryptionFailure",
        "its KMS key cannot be used for secretsmanager:PutSecretValue (EncryptionFailure)",
      ],
      [
        "it can have no more versions (LimitExceededException)",
        "LimitExceededException",
        "secretsmanager:PutSecretValue failed (LimitExceededException",
      ],
    ] as const)
      row({ condition: condition + which, place }, async () => {
        rotation.aws.deny("PutSecretValue", undefined, error);
        const result = await rotation.regenerate(uri);
        rotation.expectNotReady(result, message);
        return rotation.outcome(result);
      });

    for (const [condition, error] of [
      ["its KMS key is disabled after the rehearsal (EncryptionFailure)", "EncryptionFailure"],
      [
        "the rehearsal's version is the last that it can have (LimitExceededException)",
        "LimitExceededException",
      ],
    ] as const)
      row({ condition: condition + which, place, exit: 8, calls: 1 }, async () => {
        rotation.onRegenerate(async () => rotation.aws.deny("PutSecretValue", undefined, error));
        return healed(await rotation.regenerate(uri));
      });

    row({ condition: `IAM denies to move AWSCURRENT${which}`, place }, async () => {
      rotation.aws.deny("UpdateSecretVersionStage", ({ VersionStage }) => VersionStage === "AWSCURRENT");
      const result = await rotation.regenerate(uri);
      rotation.expectNotReady(result, "may not secretsmanager:UpdateSecretVersionStage");
      return rotation.outcome(result);
    });

    row(
      { condition: `IAM allows to move AWSCURRENT and no other stage${which}`, place, exit: 0, calls: 1 },
      async () => {
        rotation.aws.deny("UpdateSecretVersionStage", ({ VersionStage }) => VersionStage !== "AWSCURRENT");
        const result = await rotation.regenerate(uri);
        expect(await lives()).toBe(true);
        return rotation.outcome(result);
      },
    );

    row({ condition: `IAM denies to read a version by its id${which}`, place }, async () => {
      // Only the rehearsal asks for a version that this run has just put.
      rotation.aws.deny("GetSecretValue", ({ VersionId }) =>
        rotation.aws
          .callsOf("PutSecretValue")
          .some(({ VersionStages, ClientRequestToken }) =>
            [VersionStages].flat().includes(LABEL) ? ClientRequestToken === VersionId : false,
          ),
      );
      const result = await rotation.regenerate(uri);
      rotation.expectNotReady(result, "may not secretsmanager:GetSecretValue");
      return rotation.outcome(result);
    });

    row({ condition: `another run rehearses at the same time${which}`, place }, async () => {
      const theirs = { SecretString: "{}", VersionStages: [LABEL] };
      rotation.aws.plan({
        operation: "UpdateSecretVersionStage",
        when: ({ VersionStage }) => VersionStage === LABEL,
        instead: async () => {
          await ask("PutSecretValue", theirs);
        },
      });
      const result = await rotation.regenerate(uri);
      rotation.expectNotReady(result, "is being made ready by another run");
      return rotation.outcome(result);
    });
  });

  describe("what others have set", () => {
    for (const [attribute, given, kept] of [
      ["description", { Description: "Theirs" }, { Description: "Theirs" }],
      ["KMS key", { KmsKeyId: "alias/orders" }, { KmsKeyId: "alias/orders" }],
      ["tags", { Tags: TAGS }, { Tags: TAGS }],
      [
        "replication",
        { AddReplicaRegions: [{ Region: "eu-west-1" }] },
        { ReplicationStatus: [{ Region: "eu-west-1", Status: "InSync" }] },
      ],
    ] as const)
      keptAttribute("aws-secretsmanager", attribute, async () => {
        await create(given);
        expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
        expect(await ask("DescribeSecret")).toMatchObject(kept);
      });

    keptAttribute("aws-secretsmanager", "rotation settings", async () => {
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

    keptAttribute("aws-secretsmanager", "resource policy", async () => {
      await create();
      const statement = {
        Effect: "Deny",
        Principal: "*",
        Action: "secretsmanager:DeleteSecret",
        Resource: "*",
      };
      const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      await ask("PutResourcePolicy", { ResourcePolicy });
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await ask("GetResourcePolicy")).toMatchObject({ ResourcePolicy });
    });

    keptAttribute("aws-secretsmanager", "numbers in fields of others, as they were written", async () => {
      await create({ SecretString: `{${LONG_NUMBERS}}` });
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await current()).toContain(LONG_NUMBERS);
      expect(await lives()).toBe(true);
    });
  });

  describe("a replica", () => {
    for (const [what, Status, looks] of [
      ["has failed", "Failed", 1],
      ["lags", "InProgress", 5],
    ] as const)
      row({ condition: `a replica ${what}`, place: "exists", exit: 0, calls: 1 }, async () => {
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
        const result = await rotation.regenerate(URI);
        expect(result.stderr).toContain(
          `its replica in eu-west-1 does not have the new secret (${Status}); who reads it there has the old one`,
        );
        return rotation.outcome(result);
      });

    test("that follows within a moment is not warned about", async () => {
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

    row(
      { condition: "its KMS key cannot encrypt (EncryptionFailure), a bare value", place: "exists" },
      async () => {
        await create({ SecretString: "something else" });
        rotation.aws.deny("PutSecretValue", undefined, "EncryptionFailure");
        const result = await rotation.regenerate(BARE);
        rotation.expectNotReady(result, "its KMS key cannot be used");
        expect(await current()).toBe("something else");
        return rotation.outcome(result);
      },
    );

    test("is created with create=true", async () => {
      expect(await rotation.regenerate(`${BARE}&create=true`)).toMatchObject({ code: 0 });
      expect(rotation.sandbox.accepts(rotation.client.id, await current())).toBe(true);
    });
  });
});
