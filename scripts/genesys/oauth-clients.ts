import { ClientError, UnavailableError } from "../core/errors";
import { printable, quote } from "../core/printable";
import { type OAuthClient, OAuthClientAnswer, OAuthClientPage } from "./answers";
import { apiError } from "./api-error";
import type { Endpoint } from "./endpoint";
import { NamedClients } from "./named-clients";
import type { GenesysCall, Session } from "./session";

const LIST_PATH = "/api/v2/oauth/clients";
const VIEW = "oauth:client:view";
/** An org has hundreds of clients; more pages than this is a server that goes in circles. */
const MOST_PAGES = 1000;

/** How the user names the client: by id, by name, or by both, which then must agree. */
export interface Target {
  readonly clientId?: string;
  readonly clientName?: string;
  /** Id of the client that it takes turns with; `clientId` is given then. */
  readonly twinId?: string;
}

/**
 * Finds the client that is meant, or both of a pair of twins.
 * @throws {ClientError} when there is none, when a name fits several, or when id and name disagree
 */
export async function findClients(
  session: Session,
  endpoint: Endpoint,
  target: Target,
): Promise<readonly OAuthClient[]> {
  const client = await findClient(session, endpoint, target);
  return target.twinId === undefined ? [client] : [client, await getById(session, target.twinId)];
}

async function findClient(session: Session, endpoint: Endpoint, target: Target): Promise<OAuthClient> {
  if (target.clientId === undefined) return findByName(session, endpoint, target.clientName as string);
  const client = await getById(session, target.clientId);
  if (target.clientName !== undefined && client.name !== target.clientName) {
    throw new ClientError(
      `The client ${client.id} is named ${quote(client.name)}, not ${quote(target.clientName)}.`,
      {
        code: "ERR_CLIENT_MISMATCH",
        remedy: "The id is enough: leave the name out, or correct one of the two.",
      },
    );
  }
  return client;
}

async function getById(session: Session, id: string): Promise<OAuthClient> {
  const answer = await session.call({ method: "GET", path: `${LIST_PATH}/${encodeURIComponent(id)}` });
  if (answer.kind !== "answer" || answer.status !== 200)
    throw apiError(answer, `looking up the client ${printable(id)}`, VIEW);
  const client = OAuthClientAnswer.safeParse(answer.body);
  if (!client.success || client.data.id !== id) throw unusable(`looking up the client ${printable(id)}`);
  return client.data;
}

/**
 * Looks up a client that is not the one of this run.
 * @returns "not found" when the org has none of this id, "unknown" when it did not say
 */
export async function lookUp(call: GenesysCall, id: string): Promise<OAuthClient | "not found" | "unknown"> {
  const answer = await call({ method: "GET", path: `${LIST_PATH}/${encodeURIComponent(id)}` });
  if (answer.kind !== "answer") return "unknown";
  if (answer.status === 404) return "not found";
  const client = OAuthClientAnswer.safeParse(answer.status === 200 ? answer.body : undefined);
  return client.success && client.data.id === id ? client.data : "unknown";
}

async function findByName(session: Session, endpoint: Endpoint, name: string): Promise<OAuthClient> {
  const named = new NamedClients([name], endpoint.region);
  for await (const client of listClients(session, endpoint)) named.offer(client);
  return named.only(name);
}

/** All clients of the org, page by page, as far as `nextUri` leads. */
export async function* listClients(session: Session, endpoint: Endpoint): AsyncGenerator<OAuthClient> {
  const doing = "listing the OAuth clients";
  const seen = new Set<string>();
  let path: string | undefined = LIST_PATH;
  while (path !== undefined) {
    if (seen.has(path) || seen.size >= MOST_PAGES) throw unusable(`${doing}: its pages go in a circle`);
    seen.add(path);
    const answer = await session.call({ method: "GET", path });
    if (answer.kind !== "answer" || answer.status !== 200) throw apiError(answer, doing, VIEW);
    const page = OAuthClientPage.safeParse(answer.body);
    if (!page.success) throw unusable(doing);
    yield* page.data.entities;
    path = page.data.nextUri ? nextPath(page.data.nextUri, endpoint) : undefined;
  }
}

/** The path of the next page; another host or another path is refused, because the token would go there. */
function nextPath(nextUri: string, endpoint: Endpoint): string {
  const own = [new URL(endpoint.api).origin, `https://api.${endpoint.region.domain}`];
  const next = URL.canParse(nextUri, own[0]) ? new URL(nextUri, own[0]) : undefined;
  if (!next || !own.includes(next.origin) || next.pathname !== LIST_PATH) {
    throw unusable("listing the OAuth clients: its nextUri leads elsewhere");
  }
  return next.pathname + next.search;
}

function unusable(doing: string): UnavailableError {
  return new UnavailableError(`Genesys Cloud gave an answer that cannot be used while ${doing}.`, {
    code: "ERR_UNEXPECTED_ANSWER",
    remedy: "Check the region and the gateway; if both are right, report this.",
  });
}
