import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Answer, OrgRequest } from "./answer";
import { api } from "./api";
import { ApiError, badRequest, notFound } from "./api-error";
import { readBasic, readBearer } from "./authorization-header";
import { CONTROL_PREFIX, control } from "./control";
import type { FaultPlan } from "./fault-plan";
import type { Journal } from "./journal";
import { login } from "./login";
import { answerWith, deliver } from "./misbehave";
import type { Org } from "./org";
import { readBody } from "./request-body";
import { send } from "./send";

/** The org on the wire; not yet listening. `closing` ends the delays of faults. */
export function orgServer(org: Org, faults: FaultPlan, journal: Journal, closing: AbortSignal): Server {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: NodeJS.ErrnoException) => {
      response.destroy();
      // The caller may go away, and the sandbox close; anything else is a defect here or in a listener.
      if (error.code !== "ECONNRESET" && !closing.aborted) process.emitWarning(error);
    });
  });
  // Longer than a client's pool keeps a connection, so that none is reused in the moment in which it closes.
  server.keepAliveTimeout = 120_000;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming);
    if (request instanceof ApiError) return send(response, request.toAnswer());
    if (request.path.startsWith(CONTROL_PREFIX)) {
      return send(
        response,
        control(request, incoming.headers, { faults, journal, allowLists: org.allowLists }),
      );
    }
    const entry = await journal.arrived({
      method: request.method,
      path: request.path,
      ...pageNumber(request),
      ...caller(org, request),
    });
    const fault = faults.take(request.method, request.path);
    const act = async (): Promise<Answer> => {
      const own = route(org, request);
      await journal.acted(entry);
      return own;
    };
    const answer = await answerWith(fault, act, closing);
    if (!answer) {
      incoming.socket.destroy();
      return journal.answered(entry, null);
    }
    await deliver(fault, response, answer);
    await journal.answered(entry, answer.status);
  }

  return server;
}

function route(org: Org, request: OrgRequest): Answer {
  if (request.path === "/oauth/token" && request.method === "POST") return login(org, request);
  if (request.path.startsWith("/api/v2/")) return api(org, request);
  return notFound(`${request.method} ${request.path}`).toAnswer();
}

async function read(incoming: IncomingMessage): Promise<OrgRequest | ApiError> {
  const body = await readBody(incoming);
  if (body === undefined) return new ApiError(413, "request.entity.too.large", "the body is too large");
  let url: URL;
  try {
    url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  } catch {
    return badRequest("the path is not well formed");
  }
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    authorization: incoming.headers.authorization,
    body,
    address: incoming.socket.remoteAddress ?? "",
  };
}

/** Who asks. An id that is not a client's is left out: it might be a secret in the wrong place. */
function caller(org: Org, { authorization }: OrgRequest): { clientId?: string } {
  const id = readBasic(authorization)?.id;
  if (id !== undefined) return org.clients.find(id) ? { clientId: id } : {};
  const clientId = org.tokens.ownerOf(readBearer(authorization) ?? "");
  return clientId === undefined ? {} : { clientId };
}

/** The one part of a query that says which request of several it was; the rest might be anything. */
function pageNumber({ query }: OrgRequest): { pageNumber?: number } {
  const page = Number(query.get("pageNumber"));
  return Number.isInteger(page) && page > 0 ? { pageNumber: page } : {};
}
