import { FIELD_RULE } from "../github-gitlab-options";
import type { SchemeGrammar } from "../uri";
import { CREATION_RULES, REGION_RULE } from "./creation-rules";

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
/** Of a secret; the groups are region and name. */
const ARN = /^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:([A-Za-z0-9/_+=.@-]{1,519})$/;
const PARAMETER = /^(\/[A-Za-z0-9_.-]+){1,15}$/;
const LONGEST_PARAMETER = 1011;
/** AWS keeps these for itself, whatever the case. */
const RESERVED_PARAMETER = /^\/(aws|ssm)/i;

/** `aws-secretsmanager:`, a secret of AWS Secrets Manager. */
export const AWS_SECRETS_MANAGER = {
  form: "aws-secretsmanager:NAME-OR-ARN",
  summary: "a secret of AWS Secrets Manager; staged AWSPENDING, and AWSCURRENT once it was seen to log in",
  options: { region: `${REGION_RULE}; an ARN names its own`, ...CREATION_RULES },
  parse: (body) => {
    const id = decode(body);
    if (id === undefined) return { reason: "its percent-encoding is broken" };
    if (id.startsWith("arn:"))
      return ARN.test(id) ? { canonical: id, target: id } : { reason: "the ARN is not one of a secret" };
    if (!NAME.test(id)) return { reason: "the name must be 1 to 512 letters, digits and /_+=.@-" };
    return { canonical: id, target: id };
  },
} as const satisfies SchemeGrammar;

/** `aws-ssm:`, a parameter of the AWS Systems Manager Parameter Store. */
export const AWS_SSM = {
  form: "aws-ssm:/NAME",
  summary: "a SecureString of the AWS Systems Manager Parameter Store",
  options: {
    region: REGION_RULE,
    ...CREATION_RULES,
    field: `${FIELD_RULE.replace(/; default .*$/, "")}, as a bare value; default the whole JSON document. A bare value cannot be read back`,
    tier: "standard, advanced or intelligent-tiering, when it is created; default the account's",
  },
  parse: (body) => {
    const name = decode(body);
    if (name === undefined) return { reason: "its percent-encoding is broken" };
    if (name.length > LONGEST_PARAMETER || !PARAMETER.test(name))
      return { reason: "the name must be a path of at most 15 parts of letters, digits and _.-" };
    if (RESERVED_PARAMETER.test(name))
      return { reason: "AWS keeps names that begin with /aws or /ssm for itself" };
    return { canonical: name, target: name };
  },
} as const satisfies SchemeGrammar;

/** The region that a secret's ARN names; undefined for a name. */
export function regionOfArn(id: string): string | undefined {
  return ARN.exec(id)?.[1];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
