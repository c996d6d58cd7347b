import { Moto, missingMoto } from "../../../helpers/moto";
import type { AwsCall } from "../../../helpers/moto-call";
import { motoFixture } from "../../../helpers/moto-fixture";
import type { StoreKind } from "./tested-store";

const NAME = "/genesys/orders";
/** The policies of the README, to the letter. */
const SECRETS_MANAGER = [
  ...["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage", "CreateSecret"],
].map((action) => `secretsmanager:${action}`);
const SSM = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);

/** A moto has one account, which a trial needs for itself: this many trials run at once. */
const MOST_SERVERS = 2;

const idle: Moto[] = [];
const waiting: ((moto: Moto) => void)[] = [];
let started = 0;

async function takeMoto(): Promise<Moto> {
  const moto = idle.pop();
  if (moto) return moto;
  if (started >= MOST_SERVERS) return new Promise((resolve) => waiting.push(resolve));
  started += 1;
  return Moto.start();
}

function giveBack(moto: Moto): void {
  const next = waiting.shift();
  if (next) next(moto);
  else idle.push(moto);
}

/** Stops all servers; to be called when no trial is under way. */
export async function stopMoto(): Promise<void> {
  await Promise.all(idle.splice(0).map((moto) => moto.stop()));
  started = 0;
}

/** What is there; undefined when nothing is. */
const ask = <T>(moto: Moto, work: (call: AwsCall) => Promise<T>): Promise<T | undefined> =>
  moto.asAws(work).catch(() => undefined);

/** What others have there: a number that no JavaScript number holds. */
const FIELDS = '{"tenant":12345678901234567890}';
const TAGS = [{ Key: "team", Value: "orders" }];

const isTheirs = (document: string | undefined): boolean =>
  document?.includes('"tenant":12345678901234567890') === true;

const secretIn = (document: string | undefined): string | undefined =>
  JSON.parse(document ?? "{}").client_secret;

export const secretsManager: StoreKind = {
  name: "aws-secretsmanager",
  missing: missingMoto,
  open: async () => {
    const moto = await takeMoto();
    const fixture = await motoFixture(moto, SECRETS_MANAGER, "secretsmanager:PutSecretValue");
    const stagesOf = () =>
      ask(moto, async (call) => {
        type Described = { VersionIdsToStages?: Record<string, string[]> };
        const answer = await call.secretsmanager<Described>("DescribeSecret", { SecretId: NAME });
        return Object.values(answer.VersionIdsToStages ?? {});
      });
    return {
      uri: `aws-secretsmanager:${NAME}?create=true`,
      environment: fixture.environment,
      credentials: fixture.storeCredentials,
      held: async () => {
        const current = { SecretId: NAME, VersionStage: "AWSCURRENT" };
        const value = await ask(moto, (call) =>
          call.secretsmanager<{ SecretString: string }>("GetSecretValue", current),
        );
        return secretIn(value?.SecretString);
      },
      seedOthers: async () => {
        const secret = { Name: NAME, SecretString: FIELDS, Tags: TAGS };
        await moto.asAws((call) => call.secretsmanager("CreateSecret", secret));
      },
      keepsOthers: async () => {
        type Described = { Tags: unknown };
        const described = await ask(moto, (call) =>
          call.secretsmanager<Described>("DescribeSecret", { SecretId: NAME }),
        );
        const current = { SecretId: NAME, VersionStage: "AWSCURRENT" };
        const value = await ask(moto, (call) =>
          call.secretsmanager<{ SecretString: string }>("GetSecretValue", current),
        );
        return isTheirs(value?.SecretString) && JSON.stringify(described?.Tags) === JSON.stringify(TAGS);
      },
      leftovers: async () =>
        ((await stagesOf()) ?? []).flatMap((stages) =>
          stages.some((stage) => stage !== "AWSCURRENT" && stage !== "AWSPREVIOUS") &&
          !stages.includes("AWSCURRENT")
            ? [`a version that is ${stages.join(", ")}`]
            : [],
        ),
      close: async () => {
        await fixture.close();
        giveBack(moto);
      },
    };
  },
};

export const parameterStore: StoreKind = {
  name: "aws-ssm",
  missing: missingMoto,
  open: async () => {
    const moto = await takeMoto();
    const fixture = await motoFixture(moto, SSM, "ssm:PutParameter");
    return {
      uri: `aws-ssm:${NAME}?create=true`,
      environment: fixture.environment,
      credentials: fixture.storeCredentials,
      held: async () => {
        const name = { Name: NAME, WithDecryption: true };
        const found = await ask(moto, (call) =>
          call.ssm<{ Parameter: { Value: string } }>("GetParameter", name),
        );
        return secretIn(found?.Parameter.Value);
      },
      seedOthers: async () => {
        const parameter = { Name: NAME, Value: FIELDS, Type: "SecureString", Tags: TAGS };
        await moto.asAws((call) => call.ssm("PutParameter", parameter));
      },
      keepsOthers: async () => {
        const name = { Name: NAME, WithDecryption: true };
        const found = await ask(moto, (call) =>
          call.ssm<{ Parameter: { Value: string } }>("GetParameter", name),
        );
        const asked = { ResourceType: "Parameter", ResourceId: NAME };
        const tags = await ask(moto, (call) => call.ssm<{ TagList: unknown }>("ListTagsForResource", asked));
        return isTheirs(found?.Parameter.Value) && JSON.stringify(tags?.TagList) === JSON.stringify(TAGS);
      },
      close: async () => {
        await fixture.close();
        giveBack(moto);
      },
    };
  },
};
