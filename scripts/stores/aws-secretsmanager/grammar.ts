import { AWS_CREDENTIALS, CREATION_OPTIONS, REGION_OPTION } from "../aws/grammar";
import { BARE_FIELD_OPTION, decode, type SchemeRow } from "../grammar";

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
/** Of a secret; the groups are region and name. */
const ARN = /^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:([A-Za-z0-9/_+=.@-]{1,519})$/;

/** `aws-secretsmanager:`, a secret of AWS Secrets Manager. */
export const AWS_SECRETS_MANAGER: SchemeRow = {
  form: "aws-secretsmanager:NAME-OR-ARN",
  summary:
    "a secret of AWS Secrets Manager; staged, and made AWSCURRENT unless a login shows it to be invalid",
  example: "genesys/orders",
  options: {
    region: { ...REGION_OPTION, help: `${REGION_OPTION.help}; an ARN names its own` },
    ...CREATION_OPTIONS,
    field: BARE_FIELD_OPTION,
  },
  holds: "the document",
  readable: true,
  bareWith: "field",
  credentials: AWS_CREDENTIALS,
  policy: [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
  ],
  notRehearsed:
    "a limit on versions that the rehearsal's own one reaches, with ?field= a rule on the stage AWSCURRENT, and how long replicas take",
  parse: (body) => {
    const id = decode(body);
    if (id === undefined) return { reason: "its percent-encoding is broken" };
    if (id.startsWith("arn:"))
      return ARN.test(id) ? { canonical: id, target: id } : { reason: "the ARN is not one of a secret" };
    if (!NAME.test(id)) return { reason: "the name must be 1 to 512 letters, digits and /_+=.@-" };
    return { canonical: id, target: id };
  },
};

/** The region that a secret's ARN names; undefined for a name. */
export function regionOfArn(id: string): string | undefined {
  return ARN.exec(id)?.[1];
}
