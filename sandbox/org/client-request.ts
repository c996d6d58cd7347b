import { badRequest } from "./api-error";
import { type ClientRequest, type ClientState, GRANTS, type Grant, type RoleDivision } from "./oauth-client";

const DEFAULT_VALIDITY_SECONDS = 86_400;
const MIN_VALIDITY_SECONDS = 300;
const MAX_VALIDITY_SECONDS = 38_880_000;

/**
 * Reads the body of a POST or a PUT of an OAuth client.
 *
 * @throws ApiError 400 naming the field that is missing or wrong
 */
export function readClientRequest(body: Readonly<Record<string, unknown>>): ClientRequest {
  const authorizedGrantType = grant(body.authorizedGrantType);
  const scope = strings(body.scope, "scope");
  const roleDivisions = roles(body.roleDivisions);
  if (authorizedGrantType === "CLIENT-CREDENTIALS" && scope.length > 0) {
    throw badRequest("scope is for grants other than CLIENT-CREDENTIALS");
  }
  if (authorizedGrantType !== "CLIENT-CREDENTIALS" && roleDivisions.length > 0) {
    throw badRequest("roleDivisions is for the grant CLIENT-CREDENTIALS");
  }
  const description = text(body.description, "description");
  const state = requestedState(body.state);
  const dateToDelete = text(body.dateToDelete, "dateToDelete");
  return {
    name: name(body.name),
    authorizedGrantType,
    accessTokenValiditySeconds: validity(body.accessTokenValiditySeconds),
    registeredRedirectUri: strings(body.registeredRedirectUri, "registeredRedirectUri"),
    scope,
    roleDivisions,
    // What was not sent is absent from the answers, not null: the provider would plan a change of it.
    ...(description !== undefined && { description }),
    ...(state !== undefined && { state }),
    ...(dateToDelete !== undefined && { dateToDelete }),
  };
}

function name(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") throw badRequest("name is required");
  return value;
}

function grant(value: unknown): Grant {
  const known = GRANTS.find((one) => one === value);
  if (!known) throw badRequest(`authorizedGrantType must be one of ${GRANTS.join(", ")}`);
  return known;
}

function validity(value: unknown): number {
  if (value === undefined || value === null) return DEFAULT_VALIDITY_SECONDS;
  const fits =
    Number.isInteger(value) &&
    (value as number) >= MIN_VALIDITY_SECONDS &&
    (value as number) <= MAX_VALIDITY_SECONDS;
  if (!fits) {
    throw badRequest(
      `accessTokenValiditySeconds must be a whole number from ${MIN_VALIDITY_SECONDS} to ${MAX_VALIDITY_SECONDS}`,
    );
  }
  return value as number;
}

function requestedState(value: unknown): ClientState | undefined {
  if (value === undefined || value === null) return undefined;
  if (value !== "active" && value !== "inactive") throw badRequest("state must be active or inactive");
  return value;
}

function text(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw badRequest(`${field} must be a string`);
  return value;
}

function strings(value: unknown, field: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string")) {
    throw badRequest(`${field} must be a list of strings`);
  }
  return [...value];
}

function roles(value: unknown): RoleDivision[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest("roleDivisions must be a list");
  return value.map((one: Partial<RoleDivision> | null) => {
    if (typeof one?.roleId !== "string" || typeof one.divisionId !== "string") {
      throw badRequest("each of roleDivisions needs a roleId and a divisionId");
    }
    return { roleId: one.roleId, divisionId: one.divisionId };
  });
}
