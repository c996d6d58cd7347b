import { UUID, VARIABLE_NAME } from "../scripts/core/patterns";
import { parseRegion } from "../scripts/core/regions";
import { refusalOfTwins } from "../scripts/stores/twin-stores";
import { parseStoreUri } from "../scripts/stores/uri";
import type {
  AdminCredentials,
  ImportedOAuthClientProps,
  RegenerationProps,
  SecureOAuthClientProps,
} from "./client-props";
import { Duration } from "./duration";
import { invalid } from "./invalid";
import { FORBIDDEN_ATTRIBUTES } from "./leak-guard/client-attributes";
import { Rotation } from "./rotation";
import { SecretStore } from "./secret-store";
import { validateTemplates } from "./template-validation";
import { isUnresolved } from "./unresolved";

/** Bounds of an access token's lifetime in seconds, as the provider checks them. */
const TOKEN_VALIDITY = { min: 300, max: 38_880_000 };

/** Why the other grants of Genesys Cloud are refused. */
const REFUSED_GRANTS: ReadonlyMap<unknown, string> = new Map([
  ["TOKEN", "an implicit grant lives in a browser and has no secret to keep"],
  [
    "SAML2-BEARER",
    "its login needs an assertion about a user, so that a new secret could not be proven to work",
  ],
  ["PASSWORD", "its login needs a user's password, so that a new secret could not be proven to work"],
]);

/** @throws {Error} on the first prop that breaks a rule; the message names the prop, the rule and what it got. */
export function validateClient(path: string, props: SecureOAuthClientProps): void {
  refuseSecrets(path, props);
  validateTemplates(path, props);
  validateName(path, props.name);
  validateDescription(path, props.description);
  validateGrantType(path, props.grantType);
  validateRoles(path, props);
  validateScopes(path, props);
  validateRedirectUris(path, props);
  validateAccessTokenValidity(path, props.accessTokenValidity);
  validateLifecycle(path, props.lifecycle);
  validateProvider(path, props.provider);
  validateRegeneration(path, props);
}

/** @throws {Error} on the first prop that breaks a rule; the message names the prop, the rule and what it got. */
export function validateTwins(path: string, props: SecureOAuthClientProps): void {
  validateClient(path, props);
  const uris = props.stores.map(({ uri }) => uri);
  // What only Terraform knows the program checks, before it touches anything.
  const refusal = uris.some(isUnresolved) ? undefined : refusalOfTwins(uris.map(parseStoreUri));
  if (refusal) throw new Error(`${path}: stores must be fit for twins: ${refusal}.`);
}

/** @throws {Error} on the first prop that breaks a rule; the message names the prop, the rule and what it got. */
export function validateImportedClient(path: string, props: ImportedOAuthClientProps): void {
  refuseSecrets(path, props);
  validateTemplates(path, props);
  validateClientId(path, props.clientId);
  validateRegeneration(path, props);
}

function validateRegeneration(path: string, props: RegenerationProps): void {
  validateStores(path, props.stores);
  validateRotation(path, props.rotation);
  validateRegion(path, props.region);
  validateAdminCredentials(path, props.adminCredentials);
  validateThen(path, props.then);
  validateOnDestroy(path, props);
  validateRunner(path, props.runner);
  validateTakeOver(path, props.takeOver);
  validateVerify(path, props.verify);
}

/** The types keep these props out; this is for JavaScript and for `as any`. It does not show what it got. */
function refuseSecrets(path: string, props: object): void {
  if (typeof props !== "object" || props === null) throw invalid(path, "props", "be an object", props);
  for (const prop of Object.keys(props)) {
    const attribute = prop.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (Object.hasOwn(FORBIDDEN_ATTRIBUTES, attribute)) {
      throw new Error(`${path}: ${prop} must not be set: ${FORBIDDEN_ATTRIBUTES[attribute]}.`);
    }
  }
}

function validateClientId(path: string, clientId: string): void {
  if (isUnresolved(clientId)) return;
  if (!isText(clientId) || !UUID.test(clientId))
    throw invalid(path, "clientId", "be the client's id, a UUID", clientId);
}

function validateName(path: string, name: string): void {
  if (isUnresolved(name)) return;
  if (!isText(name)) throw invalid(path, "name", "be a string that is not blank", name);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name))
    throw invalid(path, "name", "be one line, without control characters", name);
}

function validateDescription(path: string, description: string | undefined): void {
  if (description === undefined || isUnresolved(description)) return;
  if (typeof description !== "string") throw invalid(path, "description", "be a string", description);
}

function validateGrantType(path: string, grantType: unknown): void {
  if (grantType === undefined || grantType === "CLIENT-CREDENTIALS" || grantType === "CODE") return;
  const rule = Array.isArray(grantType)
    ? "be one grant: whoever needs two makes two clients"
    : 'be "CLIENT-CREDENTIALS" or "CODE"';
  const reason = REFUSED_GRANTS.get(grantType);
  throw invalid(path, "grantType", reason ? `${rule} (${reason})` : rule, grantType);
}

function validateRoles(path: string, { roles = [], grantType }: SecureOAuthClientProps): void {
  if (!Array.isArray(roles)) throw invalid(path, "roles", "be a list", roles);
  if (roles.length > 0 && grantType === "CODE") {
    throw invalid(path, "roles", "be left out with CODE, whose rights are its user's", roles);
  }
  for (const [index, role] of roles.entries()) {
    if (!isId(role?.roleId))
      throw invalid(path, `roles[${index}].roleId`, "be the id of a role", role?.roleId);
    if (role.divisionId !== undefined && !isId(role.divisionId)) {
      throw invalid(path, `roles[${index}].divisionId`, 'be the id of a division or "*"', role.divisionId);
    }
  }
}

function validateScopes(path: string, { scopes = [], grantType }: SecureOAuthClientProps): void {
  if (isUnresolved(scopes)) return;
  if (!Array.isArray(scopes)) throw invalid(path, "scopes", "be a list", scopes);
  if (scopes.length > 0 && grantType !== "CODE") {
    throw invalid(path, "scopes", "be left out with CLIENT-CREDENTIALS, whose rights are its roles", scopes);
  }
  for (const [index, scope] of scopes.entries()) {
    if (!isId(scope)) throw invalid(path, `scopes[${index}]`, "be a scope, without spaces", scope);
  }
}

function validateRedirectUris(path: string, { redirectUris = [], grantType }: SecureOAuthClientProps): void {
  if (isUnresolved(redirectUris)) return;
  if (!Array.isArray(redirectUris)) throw invalid(path, "redirectUris", "be a list", redirectUris);
  if (grantType !== "CODE" && redirectUris.length > 0) {
    throw invalid(
      path,
      "redirectUris",
      "be left out with CLIENT-CREDENTIALS, which redirects nobody",
      redirectUris,
    );
  }
  if (grantType === "CODE" && redirectUris.length === 0) {
    throw invalid(path, "redirectUris", "hold at least one URL with CODE", redirectUris);
  }
  for (const [index, uri] of redirectUris.entries()) {
    if (isUnresolved(uri)) continue;
    if (!isText(uri) || !URL.canParse(uri))
      throw invalid(path, `redirectUris[${index}]`, "be an absolute URL", uri);
  }
}

function validateAccessTokenValidity(path: string, validity: Duration | undefined): void {
  if (validity === undefined) return;
  const { min, max } = TOKEN_VALIDITY;
  const rule = `be a Duration of ${min} to ${max} seconds`;
  if (!(validity instanceof Duration)) throw invalid(path, "accessTokenValidity", rule, validity);
  const seconds = validity.toSeconds();
  if (isUnresolved(seconds)) return;
  if (seconds < min || seconds > max) throw invalid(path, "accessTokenValidity", rule, seconds);
}

function validateLifecycle(path: string, lifecycle: object | undefined): void {
  const known = ["preventDestroy", "createBeforeDestroy", "ignoreChanges"];
  const unknown = Object.keys(lifecycle ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(path, "lifecycle", `hold only ${known.join(", ")}`, unknown);
}

function validateProvider(path: string, provider: SecureOAuthClientProps["provider"]): void {
  if (provider === undefined || provider?.terraformResourceType === "genesyscloud") return;
  throw invalid(path, "provider", "be a Genesys Cloud provider", provider?.terraformResourceType);
}

function validateStores(path: string, stores: readonly SecretStore[]): void {
  if (!Array.isArray(stores) || stores.length === 0)
    throw invalid(path, "stores", "hold at least one store", stores);
  for (const [index, store] of stores.entries()) {
    if (!(store instanceof SecretStore)) {
      throw invalid(
        path,
        `stores[${index}]`,
        "be a SecretStore, such as SecretStore.file(path)",
        typeof store,
      );
    }
  }
}

function validateRotation(path: string, rotation: Rotation | undefined): void {
  if (rotation === undefined || rotation instanceof Rotation) return;
  throw invalid(path, "rotation", "be a Rotation, such as Rotation.version(text)", rotation);
}

function validateRegion(path: string, region: string | undefined): void {
  if (region === undefined || isUnresolved(region)) return;
  try {
    parseRegion(region);
  } catch (error) {
    throw new Error(
      `${path}: region must be known by its AWS name or its domain. ${(error as Error).message}`,
    );
  }
}

function validateAdminCredentials(path: string, credentials: AdminCredentials | undefined): void {
  if (credentials === undefined) return;
  for (const prop of ["clientIdVariable", "clientSecretVariable"] as const) {
    const name: unknown = credentials?.[prop];
    if (isText(name) && VARIABLE_NAME.test(name)) continue;
    // Whoever mistakes the prop puts the secret itself here: it is not shown.
    throw new Error(
      `${path}: adminCredentials.${prop} must be the name of an environment variable (letters, digits and "_"), ` +
        "not its value; what it got is not shown, it may be a secret.",
    );
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isId(value: unknown): boolean {
  return isUnresolved(value) || (isText(value) && !/\s/.test(value));
}

function validateThen(path: string, then: readonly string[] | undefined): void {
  if (then === undefined) return;
  const words = Array.isArray(then) && then.every((word) => typeof word === "string" && !word.includes("\0"));
  if (!words || !isText(then[0])) throw invalid(path, "then", "be a command as a list of its words", then);
}

function validateVerify(path: string, verify: unknown): void {
  if (verify !== undefined && verify !== "here" && verify !== "elsewhere")
    throw invalid(path, "verify", 'be "here" or "elsewhere"', verify);
}

function validateOnDestroy(path: string, { onDestroy, stores }: RegenerationProps): void {
  if (onDestroy !== undefined && onDestroy !== "keep" && onDestroy !== "remove") {
    throw invalid(path, "onDestroy", 'be "keep" or "remove"', onDestroy);
  }
  const unresolved = stores.find(({ uri }) => isUnresolved(uri));
  if (onDestroy === "remove" && unresolved) {
    // What runs as a resource is destroyed may refer to nothing but the resource itself.
    throw invalid(path, "onDestroy", 'be "keep" where a store is known only to Terraform', unresolved.uri);
  }
}

function validateTakeOver(path: string, takeOver: string | undefined): void {
  if (takeOver === undefined || isUnresolved(takeOver)) return;
  if (!isText(takeOver) || !UUID.test(takeOver))
    throw invalid(path, "takeOver", "be the id of another client, a UUID", takeOver);
}

function validateRunner(path: string, runner: RegenerationProps["runner"]): void {
  if (runner === undefined || runner === "null_resource" || runner === "terraform_data") return;
  throw invalid(path, "runner", 'be "null_resource" or "terraform_data"', runner);
}
