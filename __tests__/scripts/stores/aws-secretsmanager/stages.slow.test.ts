import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";
import { keptAttribute, type Outcome, type Refusal, refusedWrite } from "../../../helpers/store-rows";

const NAME = "genesys/orders";
/** The stage of this program. */
const STAGED = "GENESYS_SECRET_PENDING";
const URI = `aws-secretsmanager:${NAME}`;
const ACTIONS = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
  (action) => `secretsmanager:${action}`,
);
const DEAD = "a-secret-that-is-dead-since-long-ago-0123456";
const [BEFORE, STRAY] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];

describeUnlessMissing(missingMoto, "the stages in AWS Secrets Manager", () => {
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

  /** Puts a version there, as somebody else or an earlier run. */
  async function put(id: string, text: string, stage: string): Promise<void> {
    await moto.asAws((call) =>
      call.secretsmanager("PutSecretValue", {
        SecretId: NAME,
        ClientRequestToken: id,
        SecretString: text,
        VersionStages: [stage],
      }),
    );
  }

  async function create(text: string = rotation.document(rotation.client.secret)): Promise<void> {
    await moto.asAws((call) =>
      call.secretsmanager("CreateSecret", { Name: NAME, ClientRequestToken: BEFORE, SecretString: text }),
    );
  }

  /** Stage -> id of its version; and how many versions there are. */
  async function stages(): Promise<Record<string, string>> {
    const { VersionIdsToStages } = await moto.asAws((call) =>
      call.secretsmanager<{ VersionIdsToStages: Record<string, string[]> }>("DescribeSecret", {
        SecretId: NAME,
      }),
    );
    return Object.fromEntries(
      Object.entries(VersionIdsToStages).flatMap(([id, names]) => names.map((name) => [name, id])),
    );
  }

  async function held(stage: string): Promise<Record<string, unknown>> {
    const { SecretString } = await moto.asAws((call) =>
      call.secretsmanager<{ SecretString: string }>("GetSecretValue", {
        SecretId: NAME,
        VersionStage: stage,
      }),
    );
    return JSON.parse(SecretString);
  }

  const lives = async (stage: string): Promise<boolean> =>
    rotation.sandbox.accepts(rotation.client.id, String((await held(stage)).client_secret));

  const row = (refusal: Omit<Refusal, "store">, run: () => Promise<Outcome>): void =>
    refusedWrite({ store: "aws-secretsmanager", ...refusal }, run);

  test("success: the new version is current, the old one previous, nothing else is labelled", async () => {
    await create();
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    const { AWSCURRENT, AWSPREVIOUS, ...others } = await stages();
    expect(AWSPREVIOUS).toBe(BEFORE);
    expect(AWSCURRENT).not.toBe(BEFORE);
    expect(others).toEqual({});
    expect(await lives("AWSCURRENT")).toBe(true);
  });

  test("it is current only after the login", async () => {
    await create();
    const seen: string[] = [];
    rotation.onRegenerate(async () => {
      rotation.sandbox.onRequest(async ({ path }) => {
        if (path === "/oauth/token") seen.push(String((await stages()).AWSCURRENT));
      });
    });
    expect((await rotation.regenerate(URI)).code).toBe(0);
    expect(seen).toEqual([BEFORE]);
  });

  test("keep what does not log in pending, with exit 9; the next run finds that it is valid, and promotes it", async () => {
    await create(rotation.document(DEAD, { rotation: "0" }));
    rotation.onRegenerate(async () => {
      const refusal = {
        status: 400,
        body: { error: "invalid_client", description: "authentication failed" },
      };
      rotation.sandbox.fault({ path: "/oauth/token", times: Number.POSITIVE_INFINITY, ...refusal });
    });
    const failed = await rotation.regenerate(URI, "--rotation", "1");
    expect(failed).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("was given the new secret, which was not seen to log in"),
    });
    const staged = String((await stages())[STAGED]);
    expect(await stages()).toEqual({ AWSCURRENT: BEFORE, [STAGED]: staged });
    rotation.sandbox.clearFaults();
    expect(await lives(STAGED)).toBe(true);

    const again = await rotation.regenerate(URI, "--rotation", "1", "--store", "file:./copy.json");
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("it is current now") });
    expect(rotation.regenerations).toBe(1);
    expect(await lives("AWSCURRENT")).toBe(true);
    expect((await stages()).AWSPREVIOUS).toBeDefined();
  });

  test("a stray that lives is promoted, not rotated; fields that came later are kept", async () => {
    await create(rotation.document(DEAD, { team: "new" }));
    await put(STRAY, rotation.document(rotation.client.secret, { team: "old" }), STAGED);
    const result = await rotation.regenerate(URI, "--rotation", "1", "--store", "file:./copy.json");
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("it is current now") });
    expect(rotation.regenerations).toBe(0);
    expect(await held("AWSCURRENT")).toMatchObject({
      client_secret: rotation.client.secret,
      team: "new",
    });
  });

  test("a stray that lives and differs in nothing else becomes current as it is", async () => {
    await create(rotation.document(DEAD));
    await put(STRAY, rotation.document(rotation.client.secret), STAGED);
    rotation.onRegenerate(async () => expect(await stages()).toMatchObject({ AWSCURRENT: STRAY }));
    const result = await rotation.regenerate(URI);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("it is current now") });
    expect(await stages()).toMatchObject({ AWSPREVIOUS: STRAY });
  });

  test("a dry run promotes nothing", async () => {
    await create(rotation.document(DEAD));
    await put(STRAY, rotation.document(rotation.client.secret), STAGED);
    expect((await rotation.regenerate(URI, "--dry-run")).code).toBe(0);
    expect(await stages()).toEqual({ AWSCURRENT: BEFORE, [STAGED]: STRAY });
  });

  test.each([
    ["dead", () => rotation.document(DEAD)],
    ["another client's", () => rotation.document(DEAD, { client_id: "somebody-else" })],
    ["not ours at all", () => "not JSON"],
  ])("a stray that is %s loses its stage to the next version", async (_title, text) => {
    await create();
    await put(STRAY, text(), STAGED);
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(Object.values(await stages())).not.toContain(STRAY);
    expect((await stages()).AWSPREVIOUS).toBe(BEFORE);
    expect(await lives("AWSCURRENT")).toBe(true);
  });

  keptAttribute("aws-secretsmanager", "fields that others change while a run is under way", async () => {
    await create();
    const foreign = rotation.document(DEAD, { team: "changed meanwhile" });
    rotation.aws.plan({
      operation: "UpdateSecretVersionStage",
      // The rehearsal's two come first.
      skip: 2,
      instead: () => put(STRAY, foreign, "AWSCURRENT"),
    });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect(await held("AWSCURRENT")).toMatchObject({ team: "changed meanwhile" });
    expect(await lives("AWSCURRENT")).toBe(true);
    expect((await stages()).AWSPREVIOUS).toBe(STRAY);
  });

  test("a write whose answer was lost makes one version", async () => {
    await create();
    rotation.aws.plan({ operation: "PutSecretValue", skip: 1, times: 4, instead: "cut after the effect" });
    expect(await rotation.regenerate(URI, "--retry-timeout", "120")).toMatchObject({ code: 0 });
    const ids = rotation.aws.calls
      .filter(({ operation }) => operation === "PutSecretValue")
      .slice(1)
      .map(({ input }) => input.ClientRequestToken);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
  });

  row(
    {
      condition: "AWSCURRENT cannot be moved after the rehearsal (InternalServiceError)",
      place: "exists",
      exit: 8,
      calls: 1,
    },
    async () => {
      await create();
      const refused = { status: 500, body: { __type: "InternalServiceError" } };
      rotation.aws.plan({ operation: "UpdateSecretVersionStage", skip: 2, times: 99, instead: refused });
      const result = await rotation.regenerate(URI);
      expect(result.stderr).toContain("staged, but not made current");
      expect((await stages()).AWSCURRENT).toBe(BEFORE);
      expect(await lives(STAGED)).toBe(true);
      const outcome = rotation.outcome(result);
      rotation.aws.clear();
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await lives("AWSCURRENT")).toBe(true);
      return outcome;
    },
  );

  describe("a stage of somebody else", () => {
    keptAttribute("aws-secretsmanager", "a stage of theirs on the version that was current", async () => {
      await create();
      await moto.asAws((call) =>
        call.secretsmanager("UpdateSecretVersionStage", {
          SecretId: NAME,
          VersionStage: "BLUE",
          MoveToVersionId: BEFORE,
        }),
      );
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await stages()).toMatchObject({ BLUE: BEFORE, AWSPREVIOUS: BEFORE });
    });

    keptAttribute(
      "aws-secretsmanager",
      "a stage of theirs on a version of its own, and its value",
      async () => {
        await create();
        await put(STRAY, '{"theirs":true}', "BLUE");
        expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
        expect(await stages()).toMatchObject({ BLUE: STRAY });
        expect(await held("BLUE")).toEqual({ theirs: true });
      },
    );

    keptAttribute("aws-secretsmanager", "the version before, as AWSPREVIOUS", async () => {
      await create('{"theirs":true}');
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect(await stages()).toMatchObject({ AWSPREVIOUS: BEFORE });
      expect(await held("AWSPREVIOUS")).toEqual({ theirs: true });
    });
  });

  describe("a rotation of somebody else", () => {
    const theirs = () => put(STRAY, '{"theirs":true}', "AWSPENDING");

    const command = `aws secretsmanager update-secret-version-stage --region us-east-1 --secret-id ${NAME} --version-stage AWSPENDING --remove-from-version-id ${STRAY}`;

    /** A run that has to end with 6, and to leave their stage where it is. */
    async function refused(...args: string[]): Promise<Outcome> {
      const result = await rotation.regenerate(URI, ...args);
      rotation.expectNotReady(result, `another rotation is under way: its version ${STRAY} is AWSPENDING`);
      expect(result.stderr).toContain(command);
      expect(await stages()).toMatchObject({ AWSCURRENT: BEFORE, AWSPENDING: STRAY });
      return rotation.outcome(result);
    }

    row({ condition: "another rotation is under way (AWSPENDING)", place: "exists" }, async () => {
      await create();
      await theirs();
      return refused();
    });

    test("that is under way ends a dry run with 6, and keeps its stage", async () => {
      await create();
      await theirs();
      await refused("--dry-run");
    });

    row(
      { condition: "another rotation begins before the rehearsal (AWSPENDING)", place: "exists" },
      async () => {
        await create();
        // Asked when it is made ready and for what is staged; then in the rehearsal.
        rotation.aws.plan({ operation: "DescribeSecret", skip: 2, instead: theirs });
        return refused();
      },
    );

    keptAttribute("aws-secretsmanager", "AWSPENDING of a rotation that begins after the call", async () => {
      await create();
      rotation.onRegenerate(theirs);
      expect(await rotation.regenerate(URI)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("another rotation has begun meanwhile"),
      });
      expect(await stages()).toMatchObject({ AWSPENDING: STRAY });
      expect(await held("AWSPENDING")).toEqual({ theirs: true });
      expect(await lives("AWSCURRENT")).toBe(true);
    });

    row(
      {
        condition: "another rotation has ended (AWSPENDING is on what is current)",
        place: "exists",
        exit: 0,
        calls: 1,
      },
      async () => {
        await create();
        await put(STRAY, rotation.document(rotation.client.secret), "AWSPENDING");
        await moto.asAws((call) =>
          call.secretsmanager("UpdateSecretVersionStage", {
            SecretId: NAME,
            VersionStage: "AWSCURRENT",
            RemoveFromVersionId: BEFORE,
            MoveToVersionId: STRAY,
          }),
        );
        const outcome = rotation.outcome(await rotation.regenerate(URI));
        // Left behind what is current it would keep AWS from rotating.
        expect(await stages()).toEqual({ AWSCURRENT: expect.any(String), AWSPREVIOUS: STRAY });
        expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
        return outcome;
      },
    );
  });
});
