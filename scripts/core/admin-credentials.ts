import { agreeing, type Environment, variable } from "./environment";
import { UsageError } from "./errors";
import { GENESYS_ID, TOKEN, VARIABLE_NAME } from "./patterns";
import { printable } from "./printable";
import { Secret } from "./secret";

/** How the program signs in to Genesys Cloud: as an OAuth client, or with a token somebody else got. */
export type AdminCredentials =
  | { readonly kind: "client"; readonly clientId: string; readonly clientSecret: Secret }
  | { readonly kind: "token"; readonly accessToken: Secret };

const ID_VARIABLES = ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYS_CLOUD_CLIENT_ID"];
const SECRET_VARIABLES = ["GENESYSCLOUD_OAUTHCLIENT_SECRET", "GENESYS_CLOUD_CLIENT_SECRET"];
const TOKEN_VARIABLE = "GENESYSCLOUD_ACCESS_TOKEN";
/** The admin's own passwords beside its client: the gateway's and the proxy's. */
const CONNECTION_VARIABLES = ["GENESYSCLOUD_GATEWAY_AUTH_PASSWORD", "GENESYSCLOUD_PROXY_AUTH_PASSWORD"];

/** Set by the construct for a stack with several orgs: the names of the variables that hold this org's admin client. */
const NAMED_ID = "GENESYS_SECRET_ADMIN_ID_VARIABLE";
const NAMED_SECRET = "GENESYS_SECRET_ADMIN_SECRET_VARIABLE";

/**
 * Reads the admin's credentials; they come from the environment only, so that none stands in an argv.
 * @throws {UsageError} when none are set, half of a pair is missing, or two variables disagree
 */
export function readAdminCredentials(environment: Environment): AdminCredentials {
  const [idNames, secretNames] = namedVariables(environment) ?? [ID_VARIABLES, SECRET_VARIABLES];
  if (idNames === ID_VARIABLES) {
    const accessToken = variable(environment, TOKEN_VARIABLE);
    if (accessToken !== undefined)
      return { kind: "token", accessToken: headerSafe(TOKEN_VARIABLE, accessToken) };
  }
  const clientId = agreeing(environment, idNames, (value) => value);
  const clientSecret = agreeing(environment, secretNames, (value) => value);
  if (clientId !== undefined && clientSecret !== undefined) {
    if (!GENESYS_ID.test(clientId))
      throw new UsageError(`${idNames[0]} must be the id of an OAuth client: letters, digits and hyphens.`);
    return { kind: "client", clientId, clientSecret: headerSafe(secretNames[0] as string, clientSecret) };
  }
  if (clientId === undefined && clientSecret === undefined) {
    throw new UsageError(
      `No admin credentials: ${idNames.join(" or ")} is not set.`,
      `Set ${idNames[0]} and ${secretNames[0]} to an OAuth client (CLIENT-CREDENTIALS) that has oauth:client:view and oauth:client:edit.`,
    );
  }
  const [missing, present] = clientId === undefined ? [idNames, secretNames] : [secretNames, idNames];
  throw new UsageError(
    `Half of the admin credentials is missing: ${missing.join(" or ")} is not set, though ${present.join(" or ")} is.`,
  );
}

/** The environment in which an admin client's credentials are under these names. */
export function withNamedAdmin(environment: Environment, id: string, secret: string): Environment {
  return { ...environment, [NAMED_ID]: id, [NAMED_SECRET]: secret };
}

/** Every variable that may hold an admin credential in this environment: what no child may inherit. */
export function adminCredentialVariables(environment: Environment): readonly string[] {
  const named = namedVariables(environment) ?? [];
  return [...ID_VARIABLES, ...SECRET_VARIABLES, TOKEN_VARIABLE, ...named.flat(), ...CONNECTION_VARIABLES];
}

function namedVariables(environment: Environment): readonly [string[], string[]] | undefined {
  const id = variable(environment, NAMED_ID);
  const secret = variable(environment, NAMED_SECRET);
  if (id === undefined && secret === undefined) return undefined;
  if (id === undefined || secret === undefined) {
    throw new UsageError(
      `${NAMED_ID} and ${NAMED_SECRET} go together; ${id === undefined ? NAMED_ID : NAMED_SECRET} is not set.`,
    );
  }
  for (const [variableName, name] of [
    [NAMED_ID, id],
    [NAMED_SECRET, secret],
  ] as const)
    if (!VARIABLE_NAME.test(name))
      throw new UsageError(`${variableName} must be the name of a variable, it is "${printable(name)}".`);
  return [[id], [secret]];
}

/** A credential goes into a header: a pasted line break is a mistake to name, not a fault to hit later. */
function headerSafe(name: string, value: string): Secret {
  if (!TOKEN.test(value)) {
    throw new UsageError(
      `${name} contains a space, a line break or another character that no credential has.`,
    );
  }
  return new Secret(value);
}
