import { AWS_CREDENTIALS, CREATION_OPTIONS, REGION_OPTION } from "../aws/grammar";
import { BARE_FIELD_OPTION, decode, type SchemeRow } from "../grammar";

const PARAMETER = /^(\/[A-Za-z0-9_.-]+){1,15}$/;
const LONGEST_PARAMETER = 1011;
/** AWS keeps these for itself, whatever the case. */
const RESERVED_PARAMETER = /^\/(aws|ssm)/i;

/** `aws-ssm:`, a parameter of the AWS Systems Manager Parameter Store. */
export const AWS_SSM: SchemeRow = {
  form: "aws-ssm:/NAME",
  summary: "a SecureString of the AWS Systems Manager Parameter Store",
  example: "/genesys/orders",
  options: {
    region: REGION_OPTION,
    ...CREATION_OPTIONS,
    field: BARE_FIELD_OPTION,
    tier: { help: "standard, advanced or intelligent-tiering, when it is created; default the account's" },
  },
  holds: "the document",
  readable: true,
  bareWith: "field",
  credentials: AWS_CREDENTIALS,
  policy: ["ssm:GetParameter", "ssm:PutParameter", "ssm:DescribeParameters"],
  notRehearsed:
    "an allowed pattern that only AWS can read, and a label on the oldest version where the rehearsal, which adds a version with the present value, makes the hundredth",
  parse: (body) => {
    const name = decode(body);
    if (name === undefined) return { reason: "its percent-encoding is broken" };
    if (name.length > LONGEST_PARAMETER || !PARAMETER.test(name))
      return { reason: "the name must be a path of at most 15 parts of letters, digits and _.-" };
    if (RESERVED_PARAMETER.test(name))
      return { reason: "AWS keeps names that begin with /aws or /ssm for itself" };
    return { canonical: name, target: name };
  },
};
