import { describeUnlessMissing } from "../../../helpers/engines";
import { Moto, missingMoto } from "../../../helpers/moto";
import type { AwsCall } from "../../../helpers/moto-call";
import { motoFixture } from "../../../helpers/moto-fixture";
import { describeStore } from "../../../helpers/store-conformance";

const NAME = "/genesys/orders";
const OTHERS = { team: "orders", nested: { kept: true } };

/** The policies of the README, to the letter; the use of KMS is not modelled by moto. */
const SECRETS_MANAGER = [
  "DescribeSecret",
  "GetSecretValue",
  "PutSecretValue",
  "UpdateSecretVersionStage",
  "CreateSecret",
].map((action) => `secretsmanager:${action}`);
const SSM = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);

describeUnlessMissing(missingMoto, "against moto", () => {
  let moto: Moto;

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  /** What is stored now; undefined when nothing is. */
  async function stored(ask: (call: AwsCall) => Promise<string>): Promise<string | undefined> {
    return moto.asAws(ask).catch(() => undefined);
  }

  function keptOthers(text: string | undefined): boolean {
    const { team, nested } = JSON.parse(text ?? "{}");
    return JSON.stringify({ team, nested }) === JSON.stringify(OTHERS);
  }

  const current = () =>
    stored(async (call) => {
      const version = { SecretId: NAME, VersionStage: "AWSCURRENT" };
      return (await call.secretsmanager<{ SecretString: string }>("GetSecretValue", version)).SecretString;
    });

  describeStore("aws-secretsmanager:", async () => {
    return {
      ...(await motoFixture(moto, SECRETS_MANAGER, "secretsmanager:PutSecretValue")),
      uri: `aws-secretsmanager:${NAME}?create=true`,
      readSecret: async () => JSON.parse((await current()) ?? "{}").client_secret,
      seedOtherFields: async () => {
        await moto.asAws((call) =>
          call.secretsmanager("CreateSecret", { Name: NAME, SecretString: JSON.stringify(OTHERS) }),
        );
      },
      keptOtherFields: async () => keptOthers(await current()),
    };
  });

  const parameter = () =>
    stored(async (call) => {
      const name = { Name: NAME, WithDecryption: true };
      return (await call.ssm<{ Parameter: { Value: string } }>("GetParameter", name)).Parameter.Value;
    });

  describeStore("aws-ssm:", async () => ({
    ...(await motoFixture(moto, SSM, "ssm:PutParameter")),
    uri: `aws-ssm:${NAME}?create=true`,
    readSecret: async () => JSON.parse((await parameter()) ?? "{}").client_secret,
    seedOtherFields: async () => {
      const Value = JSON.stringify(OTHERS);
      await moto.asAws((call) => call.ssm("PutParameter", { Name: NAME, Value, Type: "SecureString" }));
    },
    keptOtherFields: async () => keptOthers(await parameter()),
  }));

  describeStore(
    "aws-secretsmanager:?field=client_secret",
    async () => ({
      ...(await motoFixture(moto, SECRETS_MANAGER, "secretsmanager:PutSecretValue")),
      uri: `aws-secretsmanager:${NAME}?create=true&field=client_secret`,
      readSecret: async () => {
        const value = await current();
        return value === "{}" ? undefined : value;
      },
    }),
    { read: "a bare value does not say whose it is", document: "it holds the bare secret" },
  );

  describeStore(
    "aws-ssm:?field=client_secret",
    async () => ({
      ...(await motoFixture(moto, SSM, "ssm:PutParameter")),
      uri: `aws-ssm:${NAME}?create=true&field=client_secret`,
      readSecret: async () => {
        const value = await parameter();
        return value === "{}" ? undefined : value;
      },
    }),
    { read: "a bare value does not say whose it is", document: "it holds the bare secret" },
  );
});
