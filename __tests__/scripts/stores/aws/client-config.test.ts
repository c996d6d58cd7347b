import { clientConfig } from "../../../../scripts/stores/aws/client-config";
import type { StoreContext } from "../../../../scripts/stores/store";
import { parseStoreUri } from "../../../../scripts/stores/uri";

const URI = parseStoreUri("aws-ssm:/genesys/orders");
const ENDPOINT = "http://127.0.0.1:9";

let warnings: string[];

beforeEach(() => {
  warnings = [];
});

/** The context of a run whose --env-file gives these variables. */
function context(environment: Record<string, string>): StoreContext {
  const progress = { info: () => {}, warn: (line: string) => warnings.push(line) };
  return { environment, progress } as unknown as StoreContext;
}

const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "key", AWS_SESSION_TOKEN: "token" };

describe("variables of an env file, which the SDK does not see by itself", () => {
  test("keys, region and the service's own endpoint", async () => {
    const environment = {
      ...KEYS,
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:8",
      AWS_ENDPOINT_URL_SSM: ENDPOINT,
    };
    expect(await clientConfig("ssm", undefined, URI, context(environment))).toMatchObject({
      region: "eu-west-1",
      endpoint: ENDPOINT,
      credentials: { accessKeyId: "AKIA", secretAccessKey: "key", sessionToken: "token" },
    });
    expect(warnings).toEqual([]);
  });

  test("a profile wins over keys, as in the SDK", async () => {
    const environment = { ...KEYS, AWS_PROFILE: "ci", AWS_ENDPOINT_URL: ENDPOINT };
    const config = await clientConfig("ssm", undefined, URI, context(environment));
    expect(config).toMatchObject({ profile: "ci", credentials: undefined });
  });

  test("what cannot be handed on is named, without its value", async () => {
    const environment = { AWS_ROLE_ARN: "arn:aws:iam::1:role/x", AWS_ENDPOINT_URL: ENDPOINT };
    await clientConfig("ssm", undefined, URI, context(environment));
    expect(warnings).toEqual([
      "aws-ssm:/genesys/orders: the AWS SDK does not see AWS_ROLE_ARN of the env file; set it in the environment",
    ]);
  });
});

test("the URI's region goes first, and attempts are bounded whatever the environment says", async () => {
  const environment = { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: ENDPOINT };
  expect(await clientConfig("ssm", "eu-west-1", URI, context(environment))).toMatchObject({
    region: "eu-west-1",
    maxAttempts: 3,
    requestHandler: { throwOnRequestTimeout: true },
  });
});
