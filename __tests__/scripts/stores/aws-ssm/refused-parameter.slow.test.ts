import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import type { SeenCall } from "../../../helpers/moto-gate";
import { MotoParameter } from "../../../helpers/moto-parameter";
import { MotoRotation } from "../../../helpers/moto-rotation";
import type { ProgramResult } from "../../../helpers/program";
import { type Outcome, type Refusal, refusedWrite } from "../../../helpers/store-rows";

const NAME = "/genesys/orders";
const URI = `aws-ssm:${NAME}`;
const CREATED = `${URI}?create=true`;
const ACTIONS = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);
const PLACES = ["exists", "new"] as const;
type Input = SeenCall["input"];

describeUnlessMissing(missingMoto, "a write that AWS SSM refuses, or seems to", () => {
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

  const [DENIED, BAD_KEY] = ["AccessDeniedException", "InvalidKeyId"];
  const overwrites = ({ Overwrite }: Input): boolean => Overwrite === true;

  const row = (refusal: Omit<Refusal, "store">, run: () => Promise<Outcome>): void =>
    refusedWrite({ store: "aws-ssm", ...refusal }, run);

  async function regenerateAt(place: Refusal["place"], ...args: string[]): Promise<ProgramResult> {
    if (place === "exists") await put("{}");
    return rotation.regenerate(place === "exists" ? URI : CREATED, ...args);
  }

  /** What a run that ended with 8 came to; the next one heals once the condition is gone. */
  async function healed(result: ProgramResult, end: () => unknown): Promise<Outcome> {
    const outcome = rotation.outcome(result);
    expect(result.stderr).toContain("is NOT known to hold the new secret");
    expect(await lives()).toBe(false);
    await end();
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await lives()).toBe(true);
    return outcome;
  }

  for (const place of PLACES) {
    // A parameter that is new is created by a write that is none of these, and then written over.
    for (const [condition, error, ...says] of [
      [
        "IAM denies ssm:PutParameter with ssm:Overwrite = true",
        DENIED,
        "the credentials may not ssm:PutParameter",
      ],
      [
        "its KMS key refuses only what is written over a value",
        BAD_KEY,
        "its KMS key cannot be used for ssm:PutParameter (InvalidKeyId)",
        "kms:Encrypt",
      ],
      [
        "it can have no more versions",
        "ParameterMaxVersionLimitExceeded",
        "ssm:PutParameter failed (ParameterMaxVersionLimitExceeded",
        "take the label off its oldest version",
      ],
    ] as const)
      row({ condition, place }, async () => {
        rotation.aws.deny("PutParameter", overwrites, error);
        const result = await regenerateAt(place);
        for (const words of says) expectNotReady(result, words);
        expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
        return rotation.outcome(result);
      });

    row({ condition: "its KMS key is disabled after the rehearsal", place, exit: 8, calls: 1 }, async () => {
      rotation.onRegenerate(async () => rotation.aws.deny("PutParameter", overwrites, BAD_KEY));
      return healed(await regenerateAt(place), () => rotation.aws.clear());
    });

    row(
      {
        condition: "AWS takes no other write of it for a moment (TooManyUpdates)",
        place,
        exit: 0,
        calls: 1,
      },
      async () => {
        const body = { __type: "TooManyUpdates" };
        rotation.onRegenerate(async () =>
          rotation.aws.plan({ operation: "PutParameter", times: 2, instead: { status: 400, body } }),
        );
        const result = await regenerateAt(place, "--retry-timeout", "120");
        expect(await lives()).toBe(true);
        return rotation.outcome(result);
      },
    );

    for (const missing of ["ssm:GetParameter", "ssm:PutParameter"])
      row({ condition: `the permission ${missing} is missing`, place }, () => withoutRight(missing, place));
  }

  async function withoutRight(missing: string, place: Refusal["place"]): Promise<Outcome> {
    await moto.allow(
      "rotator",
      ACTIONS.filter((action) => action !== missing),
    );
    const result = await regenerateAt(place);
    expectNotReady(result, `the credentials may not ${missing} (AccessDeniedException)`);
    if (place === "exists") expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
    else expect(await parameter.held()).toBeUndefined();
    return rotation.outcome(result);
  }

  describe("when it is there", () => {
    const place = "exists";

    row({ condition: "the permission ssm:DescribeParameters is missing", place }, () =>
      withoutRight("ssm:DescribeParameters", "exists"),
    );

    row(
      { condition: "IAM allows ssm:PutParameter with ssm:Overwrite = true only", place, exit: 0, calls: 1 },
      async () => {
        rotation.aws.deny("PutParameter", (input) => !overwrites(input));
        const result = await regenerateAt("exists");
        expect(await lives()).toBe(true);
        return rotation.outcome(result);
      },
    );

    row({ condition: "its KMS key cannot decrypt", place }, async () => {
      rotation.aws.deny("GetParameter", undefined, BAD_KEY);
      const result = await regenerateAt("exists");
      expectNotReady(result, "its KMS key cannot be used for ssm:GetParameter (InvalidKeyId)");
      expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
      return rotation.outcome(result);
    });

    for (const Type of ["String", "StringList"])
      row({ condition: `it is a ${Type}, which is not encrypted`, place }, async () => {
        await put("{}", { Type });
        const result = await rotation.regenerate(URI);
        expectNotReady(result, `it is a ${Type}`);
        expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
        return rotation.outcome(result);
      });

    for (const [what, text] of [
      ["a text", "their-own-value"],
      ["a list", '["theirs"]'],
    ] as const)
      row({ condition: `it holds ${what} and not a JSON object`, place }, async () => {
        await put(text);
        const result = await rotation.regenerate(URI);
        expectNotReady(result, "it holds something that is not a JSON object");
        expect(await parameter.held()).toMatchObject({ Value: text, Version: 1 });
        return rotation.outcome(result);
      });

    row({ condition: "the fields of others leave no room in its tier", place }, async () => {
      const text = JSON.stringify({ much: "x".repeat(3_000) });
      await put(text);
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "and its tier holds 4096");
      const outcome = rotation.outcome(result);
      await put(text, { Tier: "Advanced", Overwrite: true });
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await lives()).toBe(true);
      return outcome;
    });

    row({ condition: "its allowed pattern lets no document in", place }, async () => {
      await put("{}", { AllowedPattern: "[{}]{2}" });
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "its allowed pattern does not let in");
      expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
      return rotation.outcome(result);
    });

    row(
      {
        condition: "its allowed pattern lets no document in, and only AWS can read it",
        place,
        exit: 8,
        calls: 1,
      },
      async () => {
        const AllowedPattern = "(?i)[{}]{2}";
        await put("{}", { AllowedPattern });
        const error = "ParameterPatternMismatchException";
        rotation.aws.deny("PutParameter", ({ Value }) => Value !== "{}", error);
        return healed(await rotation.regenerate(URI), async () => {
          rotation.aws.clear();
          await put("{}", { AllowedPattern: ".*", Overwrite: true });
        });
      },
    );

    row({ condition: "another run writes it at the same time", place }, async () => {
      await put("{}");
      const theirs = '{"theirs":true}';
      rotation.aws.plan({ operation: "PutParameter", instead: () => put(theirs, { Overwrite: true }) });
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "is being written by another run");
      expect((await parameter.held())?.Value).toBe(theirs);
      return rotation.outcome(result);
    });

    row({ condition: "somebody deletes it while the run makes it ready", place }, async () => {
      await put("{}");
      // Prepared and read for the plan; then rehearsed.
      rotation.aws.plan({
        operation: "GetParameter",
        skip: 2,
        instead: () => moto.asAws((call) => call.ssm("DeleteParameter", { Name: NAME })),
      });
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "it was deleted meanwhile");
      expect(await parameter.held()).toBeUndefined();
      return rotation.outcome(result);
    });

    row({ condition: "AWS shows the version before for a while", place, exit: 0, calls: 1 }, async () => {
      await put("{}");
      const old = { Parameter: { Name: NAME, Type: "SecureString", Value: "{}", Version: 1 } };
      // Prepared, read for the plan, rehearsed, read before the write; then read back.
      rotation.aws.plan({
        operation: "GetParameter",
        skip: 4,
        times: 2,
        instead: { status: 200, body: old },
      });
      const result = await rotation.regenerate(URI, "--retry-timeout", "120");
      expect(await lives()).toBe(true);
      return rotation.outcome(result);
    });

    describe("with a label on its oldest version", () => {
      const label = { Name: NAME, ParameterVersion: 1, Labels: ["theirs"] };

      async function putVersions(count: number): Promise<void> {
        await put("{}");
        await moto.asAws(async (call) => {
          await call.ssm("LabelParameterVersion", label);
          for (let version = 2; version <= count; version++)
            await call.ssm("PutParameter", {
              Name: NAME,
              Value: "{}",
              Type: "SecureString",
              Overwrite: true,
            });
        });
      }

      row({ condition: "it has a hundred versions, and a label on the oldest", place }, async () => {
        await putVersions(100);
        const result = await rotation.regenerate(URI);
        expectNotReady(result, "take the label off its oldest version");
        expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 100 });
        return rotation.outcome(result);
      });

      row(
        {
          condition: "the rehearsal makes its hundredth version, and a label is on the oldest",
          place,
          exit: 8,
          calls: 1,
        },
        async () => {
          await putVersions(99);
          return healed(await rotation.regenerate(URI), async () => {
            // Now it shows beforehand, and costs no second secret.
            expect(await rotation.regenerate(URI)).toMatchObject({ code: 6 });
            expect(rotation.regenerations).toBe(1);
            await moto.asAws((call) => call.ssm("UnlabelParameterVersion", label));
          });
        },
      );
    });
  });

  describe("when it is new", () => {
    const place = "new";

    row({ condition: "it is not to be created", place }, async () => {
      const result = await rotation.regenerate(URI);
      expectNotReady(result, "there is no such parameter in us-east-1");
      expect(result.stderr).toContain("create=true");
      expect(await parameter.held()).toBeUndefined();
      return rotation.outcome(result);
    });

    const creations: readonly [string, string, (input: Input) => boolean, string, string][] = [
      [
        "IAM allows ssm:PutParameter with ssm:Overwrite = true only",
        "",
        ({ Overwrite }) => Overwrite !== true,
        DENIED,
        "may not ssm:PutParameter",
      ],
      [
        "IAM denies the tags that the URI names (ssm:AddTagsToResource)",
        "&tags=team%3Dorders",
        ({ Tags }) => Tags !== undefined,
        DENIED,
        "may not ssm:PutParameter",
      ],
      [
        "the KMS key that the URI names cannot encrypt",
        "&kms_key=alias%2Forders",
        ({ KeyId }) => KeyId === "alias/orders",
        BAD_KEY,
        "its KMS key cannot be used for ssm:PutParameter",
      ],
      [
        "the account can have no more parameters",
        "",
        () => true,
        "ParameterLimitExceeded",
        "ssm:PutParameter failed (ParameterLimitExceeded",
      ],
    ];
    for (const [condition, options, when, error, message] of creations)
      row({ condition, place }, async () => {
        rotation.aws.deny("PutParameter", when, error);
        const result = await rotation.regenerate(CREATED + options);
        expectNotReady(result, message);
        expect(await parameter.held()).toBeUndefined();
        return rotation.outcome(result);
      });

    row(
      { condition: "the permission ssm:DescribeParameters is missing", place, exit: 0, calls: 1 },
      async () => {
        // What it has is known: this run gave it.
        await moto.allow("rotator", ["ssm:GetParameter", "ssm:PutParameter"]);
        const result = await rotation.regenerate(CREATED);
        expect(await lives()).toBe(true);
        return rotation.outcome(result);
      },
    );

    row({ condition: "somebody creates it at the same time, as a String", place }, async () => {
      rotation.aws.plan({ operation: "PutParameter", instead: () => put("{}", { Type: "String" }) });
      const result = await rotation.regenerate(CREATED);
      expectNotReady(result, "it is a String");
      expect(await parameter.held()).toMatchObject({ Value: "{}", Version: 1 });
      return rotation.outcome(result);
    });
  });
});
