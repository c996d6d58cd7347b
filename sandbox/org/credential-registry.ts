import { randomUUID } from "node:crypto";
import { badRequest, notFound } from "./api-error";

/** What a GET of an integration credential answers: its fields go in and never come out. */
export interface Credential {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly type: { readonly name: string };
  /** ISO 8601. */
  readonly createdDate: string;
  /** ISO 8601. */
  readonly modifiedDate: string;
  readonly selfUri: string;
}

type Fields = Readonly<Record<string, string>>;

interface Content {
  readonly name: string;
  readonly type: { readonly name: string };
  readonly fields: Fields;
}

/** The org's integration credentials. */
export class CredentialRegistry {
  readonly #entries = new Map<string, { credential: Credential; fields: Fields }>();

  /** @throws ApiError 400 naming the field that is missing or wrong */
  create(body: Readonly<Record<string, unknown>>): Credential {
    const { name, type, fields } = read(body);
    const id = randomUUID();
    const now = new Date().toISOString();
    const selfUri = `/api/v2/integrations/credentials/${id}`;
    const credential = { id, name, type, createdDate: now, modifiedDate: now, selfUri };
    this.#entries.set(id, { credential, fields });
    return credential;
  }

  /** @throws ApiError 404 when there is none of that id, 400 naming the field that is missing or wrong */
  replace(id: string, body: Readonly<Record<string, unknown>>): Credential {
    const { name, type, fields } = read(body);
    const credential = { ...this.get(id), name, type, modifiedDate: new Date().toISOString() };
    this.#entries.set(id, { credential, fields });
    return credential;
  }

  list(): Credential[] {
    return [...this.#entries.values()].map(({ credential }) => credential);
  }

  /** @throws ApiError 404 when there is none of that id */
  get(id: string): Credential {
    const entry = this.#entries.get(id);
    if (!entry) throw notFound(`credential ${id}`);
    return entry.credential;
  }

  /** What an integration would log in with; for tests, the API does not tell. */
  fieldsOf(id: string): Fields | undefined {
    return this.#entries.get(id)?.fields;
  }

  /** @throws ApiError 404 when there is none of that id */
  remove(id: string): void {
    this.get(id);
    this.#entries.delete(id);
  }
}

function read(body: Readonly<Record<string, unknown>>): Content {
  const type = (body.type as { name?: unknown } | undefined)?.name;
  if (typeof body.name !== "string" || body.name === "") throw badRequest("name is required");
  if (typeof type !== "string" || type === "") throw badRequest("type.name is required");
  const given = body.credentialFields;
  if (typeof given !== "object" || given === null) throw badRequest("credentialFields is required");
  const fields = Object.entries(given);
  if (fields.some(([, value]) => typeof value !== "string")) {
    throw badRequest("each of credentialFields must be a string");
  }
  // An empty clientSecret passes: the provider was seen to PUT one, and to be told that all is well.
  for (const needed of type === "pureCloudOAuthClient" ? ["clientId", "clientSecret"] : []) {
    if (!(needed in given)) throw badRequest(`credentialFields.${needed} is required`);
  }
  return { name: body.name, type: { name: type }, fields: Object.fromEntries(fields) };
}
