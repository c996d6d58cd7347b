import { type Diagnostic, invalidAttribute } from "../../protocol/diagnostic";
import { number, type ObjectValue, text } from "../../protocol/value";

const GRANT_TYPES = ["CODE", "TOKEN", "SAML2BEARER", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS"];
const STATES = ["active", "inactive"];
const SHORTEST_VALIDITY = 300;
const LONGEST_VALIDITY = 38_880_000;

/** What the real provider refuses before any call. */
export function validateClient(config: ObjectValue): Diagnostic[] {
  const validity = number(config.access_token_validity_seconds);
  const problems = [
    oneOf("authorized_grant_type", text(config.authorized_grant_type), GRANT_TYPES),
    oneOf("state", text(config.state), STATES),
    validity !== undefined && (validity < SHORTEST_VALIDITY || validity > LONGEST_VALIDITY)
      ? invalidAttribute(
          "access_token_validity_seconds",
          `expected access_token_validity_seconds to be in the range (${SHORTEST_VALIDITY} - ${LONGEST_VALIDITY}), got ${validity}`,
        )
      : undefined,
  ];
  return problems.filter((problem) => problem !== undefined);
}

function oneOf(name: string, value: string | undefined, allowed: readonly string[]): Diagnostic | undefined {
  if (value === undefined || allowed.includes(value)) return undefined;
  return invalidAttribute(name, `expected ${name} to be one of [${allowed.join(" ")}], got ${value}`);
}
