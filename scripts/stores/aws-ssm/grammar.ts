import { CREATION_RULES, REGION_RULE } from "../aws/grammar";
import { decode, FIELD_RULE, type SchemeGrammar } from "../grammar";

const PARAMETER = /^(\/[A-Za-z0-9_.-]+){1,15}$/;
const LONGEST_PARAMETER = 1011;
/** AWS keeps these for itself, whatever the case. */
const RESERVED_PARAMETER = /^\/(aws|ssm)/i;

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
