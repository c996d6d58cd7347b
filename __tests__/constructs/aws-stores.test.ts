import { SecretStore } from "../../constructs";

/** A reference that only Terraform resolves. */
const token = (reference: string): string => `\${${reference}}`;
const KEY = token("aws_kms_key.orders.arn");
const SECRET = token("aws_secretsmanager_secret.orders.arn");
const PARAMETER = token("aws_ssm_parameter.orders.name");

describe("SecretStore.awsSecretsManager", () => {
  test.each([
    [{ secret: "genesys/orders" }, "aws-secretsmanager:genesys/orders"],
    [{ secret: "a", region: "eu-west-1" }, "aws-secretsmanager:a?region=eu-west-1"],
    [{ secret: "a", create: {} }, "aws-secretsmanager:a?create=true"],
    [
      {
        secret: "a",
        create: { kmsKey: "alias/x", description: "For orders", tags: { team: "orders", x: "1" } },
      },
      "aws-secretsmanager:a?create=true&description=For+orders&kms_key=alias%2Fx&tags=team%3Dorders%2Cx%3D1",
    ],
    [{ secret: SECRET }, `aws-secretsmanager:${SECRET}`],
    [{ secret: "a", create: { kmsKey: KEY } }, `aws-secretsmanager:a?create=true&kms_key=${KEY}`],
  ])("turns %j into its URI", (props, uri) => {
    expect(SecretStore.awsSecretsManager(props).uri).toBe(uri);
  });

  test("what is no name is refused", () => {
    expect(() => SecretStore.awsSecretsManager({ secret: "a b" })).toThrow("the name must be");
    expect(() => SecretStore.awsSecretsManager({ secret: "a", create: { description: KEY } })).toThrow(
      "takes no token in a description or a tag",
    );
  });
});

describe("SecretStore.awsSsm", () => {
  test.each([
    [{ parameter: "/genesys/orders" }, "aws-ssm:/genesys/orders"],
    [{ parameter: "/a", field: "client_secret" }, "aws-ssm:/a?field=client_secret"],
    [{ parameter: "/a", create: { tier: "advanced" } } as const, "aws-ssm:/a?create=true&tier=advanced"],
    [{ parameter: PARAMETER }, `aws-ssm:${PARAMETER}`],
  ])("turns %j into its URI", (props, uri) => {
    expect(SecretStore.awsSsm(props).uri).toBe(uri);
  });

  test("a name without its slash is refused", () => {
    expect(() => SecretStore.awsSsm({ parameter: "orders" })).toThrow("the name must be a path");
  });
});
