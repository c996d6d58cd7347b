import { assertTexts } from "./invalid";
import { isUnresolved } from "./unresolved";

/** What both AWS stores know. Credentials come from the AWS SDK's own chain, on the machine that runs Terraform. */
export interface AwsStoreProps {
  /**
   * The AWS region.
   * @default - AWS_REGION, AWS_DEFAULT_REGION or the profile's; that of an ARN
   */
  readonly region?: string;
}

/** Traits of what is created; what exists keeps its own. */
export interface AwsCreation {
  /**
   * Id, ARN or alias of the KMS key.
   * @default - the account's AWS managed key
   */
  readonly kmsKey?: string;
  /**
   * What it is for.
   * @default - none
   */
  readonly description?: string;
  /**
   * Tags, value by key.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A secret for `SecretStore.awsSecretsManager`: by its name or by its ARN. */
export interface AwsSecretsManagerStoreProps extends AwsStoreProps {
  /** Name or ARN; a token, such as the ARN of an `aws_secretsmanager_secret`, is fine. */
  readonly secret: string;
  /**
   * Stores the bare value of this field of the document, such as "client_secret". It cannot be read back then.
   * @default - the whole JSON document
   */
  readonly field?: string;
  /**
   * Creates it when it is not there, with the traits given here. Without, that is an error.
   * @default - nothing is created
   */
  readonly create?: AwsCreation;
}

/** A parameter for `SecretStore.awsSsm`. */
export interface AwsSsmStoreProps extends AwsStoreProps {
  /** Name, with its slash: "/genesys/orders". */
  readonly parameter: string;
  /**
   * Stores the bare value of this field of the document, such as "client_secret". It cannot be read back then.
   * @default - the whole JSON document
   */
  readonly field?: string;
  /**
   * Creates it when it is not there, with the traits given here. Without, that is an error.
   * @default - nothing is created
   */
  readonly create?: AwsSsmCreation;
}

/** Traits of a parameter that is created. */
export interface AwsSsmCreation extends AwsCreation {
  /**
   * A standard parameter holds 4 KB.
   * @default - the account's
   */
  readonly tier?: "standard" | "advanced" | "intelligent-tiering";
}

/** The URI of a secret. @throws {Error} when an option that must be known at synth is a token */
export function secretsManagerUri({ secret, region, create, field }: AwsSecretsManagerStoreProps): string {
  assertTexts("SecretStore.awsSecretsManager()", { secret }, { region, field, ...textsOf(create) });
  return withOptions(`aws-secretsmanager:${encoded(secret)}`, { ...creationOptions(create), field, region });
}

/** The URI of a parameter. @throws {Error} when an option that must be known at synth is a token */
export function ssmUri({ parameter, region, create, field }: AwsSsmStoreProps): string {
  const texts = textsOf(create);
  assertTexts("SecretStore.awsSsm()", { parameter }, { region, field, tier: create?.tier, ...texts });
  const options = { ...creationOptions(create), field, region, tier: create?.tier };
  return withOptions(`aws-ssm:${encoded(parameter)}`, options);
}

/** What of a creation must be texts, by prop. */
function textsOf(create: AwsCreation | undefined): Record<string, unknown> {
  return { description: create?.description, kmsKey: create?.kmsKey, ...create?.tags };
}

function creationOptions(create: AwsCreation | undefined): Record<string, string | undefined> {
  if (!create) return {};
  const tags = Object.entries(create.tags ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const text of [create.description, ...tags])
    if (isUnresolved(text)) throw new Error(`A SecretStore of AWS takes no token in a description or a tag.`);
  return {
    create: "true",
    description: create.description,
    kms_key: create.kmsKey,
    tags: tags.join(",") || undefined,
  };
}

function withOptions(uri: string, options: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(options)
    .filter((option): option is [string, string] => option[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${isUnresolved(value) ? value : encodeURIComponent(value)}`);
  return query.length > 0 ? `${uri}?${query.join("&")}` : uri;
}

/** A token becomes a name, an ARN or a region, none of which holds a reserved character. */
function encoded(name: string): string {
  return isUnresolved(name) ? name : name.split("/").map(encodeURIComponent).join("/");
}
