import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoRotation } from "../../../helpers/moto-rotation";

const NAME = "genesys/orders";
/** The stage of this program. */
const STAGED = "GENESYS_SECRET_PENDING";
const ACTIONS = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"].map(
  (action) => `secretsmanager:${action}`,
);

describeUnlessMissing(missingMoto, "twins in AWS Secrets Manager", () => {
  let moto: Moto;
  let rotation: MotoRotation;
  let twin: { id: string; secret: string };

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  beforeEach(async () => {
    rotation = await MotoRotation.start(moto, ACTIONS);
    twin = rotation.sandbox.addClient({ name: "twin" });
    const text = rotation.document(rotation.client.secret);
    await moto.asAws((call) => call.secretsmanager("CreateSecret", { Name: NAME, SecretString: text }));
  });

  afterEach(() => rotation.close());

  const regenerate = (id: string) =>
    rotation.regenerate(`aws-secretsmanager:${NAME}`, "--twin-id", twin.id, "--rotation", id);

  async function shown(): Promise<Record<string, string>> {
    const { SecretString } = await moto.asAws((call) =>
      call.secretsmanager<{ SecretString: string }>("GetSecretValue", {
        SecretId: NAME,
        VersionStage: "AWSCURRENT",
      }),
    );
    return JSON.parse(SecretString);
  }

  test("take turns", async () => {
    const turns: (string | undefined)[] = [];
    for (const id of ["2", "3", "4"]) {
      const before = await shown();
      expect(await regenerate(id)).toMatchObject({ code: 0 });
      const now = await shown();
      turns.push(now.client_id);
      for (const { client_id, client_secret } of [before, now])
        expect(rotation.sandbox.accepts(client_id ?? "", client_secret ?? "")).toBe(true);
    }
    expect(turns).toEqual([twin.id, rotation.client.id, twin.id]);
  });

  test("what a run had staged is shown, and that is this run's turn: the other keeps its secret", async () => {
    const staged = rotation.document(twin.secret, {
      client_id: twin.id,
      regenerated_at: "2026-02-01T00:00:00.000Z",
    });
    await moto.asAws((call) =>
      call.secretsmanager("PutSecretValue", {
        SecretId: NAME,
        ClientRequestToken: "22222222-2222-4222-8222-222222222222",
        SecretString: staged,
        VersionStages: [STAGED],
      }),
    );
    const result = await regenerate("2");
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('a rotation was interrupted, and is finished; it counts as "2"'),
    });
    expect(rotation.regenerations).toBe(0);
    expect(await shown()).toMatchObject({ client_id: twin.id, client_secret: twin.secret, rotation: "2" });
    expect(rotation.sandbox.accepts(rotation.client.id, rotation.client.secret)).toBe(true);
    expect(await regenerate("3")).toMatchObject({ code: 0 });
    expect(await shown()).toMatchObject({ client_id: rotation.client.id, rotation: "3" });
  });
});
