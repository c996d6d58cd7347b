import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";
import { type Outcome, type Refusal, refusedWrite } from "../../../helpers/store-rows";

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

  const row = (refusal: Omit<Refusal, "store">, run: () => Promise<Outcome>): void =>
    refusedWrite({ store: "aws-secretsmanager", ...refusal }, run);

  /** A run that has to end with 6. */
  async function refused(message: string, uri = URI): Promise<Outcome> {
    const result = await rotation.regenerate(uri);
    rotation.expectNotReady(result, message);
    return rotation.outcome(result);
  }

  describe("a write that it refuses, or seems to", () => {
    row({ condition: "it is not to be created", place: "new" }, async () => {
      const outcome = await refused("there is no such secret in us-east-1");
      expect(outcome.stderr).toContain("create=true");
      expect(await described()).toBeUndefined();
      return outcome;
    });

    for (const [which, query] of [
      ["", ""],
      [", and may be created", "?create=true"],
    ] as const)
      row({ condition: `it is scheduled for deletion${which}`, place: "exists" }, async () => {
        await moto.allow("rotator", CREATING);
        await create();
        await ask("DeleteSecret");
        return refused("it is scheduled for deletion", URI + query);
      });

    for (const [what, input] of [
      ["a text", { SecretString: "not JSON" }],
      ["a list", { SecretString: "[1]" }],
      ["bytes", { SecretBinary: Buffer.from("{}").toString("base64") }],
    ] as const)
      row({ condition: `it holds ${what} and not a JSON object`, place: "exists" }, async () => {
        await create(input);
        return refused("it holds something that is not a JSON object");
      });

    row({ condition: "the fields of others leave no room in it", place: "exists" }, async () => {
      await create({ SecretString: JSON.stringify({ much: "x".repeat(64_000) }) });
      return refused("no room left in its 64 KB");
    });

    for (const place of ["exists", "new"] as const) {
      const needed = place === "exists" ? EXISTING : CREATING;
      for (const missing of needed)
        row({ condition: `the permission ${missing} is missing`, place }, async () => {
          if (place === "exists") await create();
          await moto.allow(
            "rotator",
            needed.filter((action) => action !== missing),
          );
          const uri = place === "exists" ? URI : `${URI}?create=true`;
          const outcome = await refused(`the credentials may not ${missing} (AccessDeniedException)`, uri);
          if (place === "exists") expect(outcome.stderr).toContain(`Grant ${missing} on it`);
          return outcome;
        });

      row(
        {
          condition: "IAM denies to ask whether it is there, until it is (secretsmanager:DescribeSecret)",
          place,
          exit: 0,
          calls: 1,
        },
        async () => {
          await moto.allow("rotator", CREATING);
          if (place === "exists") await create({ SecretString: '{"team":"orders"}' });
          const body = { __type: "AccessDeniedException" };
          rotation.aws.plan({ operation: "DescribeSecret", instead: { status: 400, body } });
          const result = await rotation.regenerate(`${URI}?create=true`);
          expect(result.stderr.includes("created in")).toBe(place === "new");
          expect((await held()).team).toBe(place === "exists" ? "orders" : undefined);
          return rotation.outcome(result);
        },
      );
    }

    row(
      {
        condition: "IAM denies the tags that the URI names (secretsmanager:TagResource)",
        place: "new",
      },
      async () => {
        await moto.allow("rotator", CREATING);
        rotation.aws.deny("CreateSecret", ({ Tags }) => Tags !== undefined);
        const uri = `${URI}?create=true&tags=team%3Dorders`;
        const outcome = await refused("may not secretsmanager:CreateSecret", uri);
        expect(await described()).toBeUndefined();
        return outcome;
      },
    );

    row({ condition: "somebody creates it at the same time", place: "new", exit: 0, calls: 1 }, async () => {
      await moto.allow("rotator", CREATING);
      const theirs = { SecretString: '{"team":"orders"}' };
      rotation.aws.plan({ operation: "CreateSecret", instead: () => create(theirs) });
      const result = await rotation.regenerate(`${URI}?create=true`);
      expect((await held()).team).toBe("orders");
      return rotation.outcome(result);
    });

    for (const [condition, traits, message] of [
      ["it is a replica", { PrimaryRegion: "eu-west-1" }, "it is a replica"],
      ["another service of AWS manages it", { OwningService: "rds" }, "another AWS service manages it"],
    ] as const)
      row({ condition, place: "exists" }, async () => {
        await create();
        const body = { ARN: "arn", Name: NAME, ...traits };
        rotation.aws.plan({ operation: "DescribeSecret", instead: { status: 200, body } });
        return refused(message);
      });

    for (const name of ["DecryptionFailure", "KMSAccessDeniedException"])
      row({ condition: `its KMS key cannot decrypt (${name})`, place: "exists" }, async () => {
        await create();
        const body = { __type: name, message: "the key arn:aws:kms:x is disabled" };
        rotation.aws.plan({ operation: "GetSecretValue", times: 9, instead: { status: 400, body } });
        const outcome = await refused(
          `its KMS key cannot be used for secretsmanager:GetSecretValue (${name})`,
        );
        expect(outcome.stderr).not.toContain("disabled");
        return outcome;
      });

    row(
      {
        condition: "AWS limits the rate for a moment (ThrottlingException)",
        place: "exists",
        exit: 0,
        calls: 1,
      },
      async () => {
        await create();
        const body = { __type: "ThrottlingException", message: "Rate exceeded" };
        rotation.aws.plan({ operation: "DescribeSecret", times: 2, instead: { status: 400, body } });
        return rotation.outcome(await rotation.regenerate(URI, "--retry-timeout", "120"));
      },
    );
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
