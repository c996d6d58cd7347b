import type { OptionRow } from "../grammar";

/** Options of both AWS stores that say whether, and how, what is missing is created. */
export const CREATION_OPTIONS: Readonly<Record<string, OptionRow>> = {
  create: { help: '"true" creates it when it is not there; default false: that is an error' },
  description: { help: "its description, when it is created" },
  kms_key: {
    help: "id, ARN or alias of the KMS key, when it is created; default the account's AWS managed key",
  },
  tags: { help: "its tags as KEY=VALUE, separated by commas, when it is created" },
};

export const REGION_OPTION: OptionRow = {
  help: "the AWS region; default AWS_REGION, AWS_DEFAULT_REGION or the profile's",
  identity: true,
};

/** Variables from which the SDK's default chain takes credentials. */
export const AWS_CREDENTIALS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
];
