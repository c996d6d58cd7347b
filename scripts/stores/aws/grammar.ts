/** Options of both AWS stores that say whether, and how, what is missing is created. */
export const CREATION_RULES = {
  create: '"true" creates it when it is not there; default false: that is an error',
  description: "its description, when it is created",
  kms_key: "id, ARN or alias of the KMS key, when it is created; default the account's AWS managed key",
  tags: "its tags as KEY=VALUE, separated by commas, when it is created",
} as const;

export const REGION_RULE = "the AWS region; default AWS_REGION, AWS_DEFAULT_REGION or the profile's";
