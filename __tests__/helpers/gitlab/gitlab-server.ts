import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Certificate } from "../certificate";
import { HttpGate } from "../http-gate";
import { type GitlabVariable, Refusal, VariableSet } from "./variable-set";

/** What a token may do with variables: all, read only (its scope is read_api), nothing (its role is Developer). */
export type Access = "api" | "read_api" | "developer";

const VARIABLES = /^\/api\/v4\/(projects|groups)\/([^/]+)\/variables(?:\/([^/]+))?$/;

/** The part of GitLab's REST API that keeps CI/CD variables, with its statuses and messages. */
export class GitlabServer {
  readonly gate: HttpGate;
  /** Method, path and status of each answer, oldest first. */
  readonly journal: string[] = [];
  readonly #tokens = new Map<string, Access>();
  readonly #sets = new Map<string, VariableSet>();

  static async start(): Promise<GitlabServer> {
    let server: GitlabServer | undefined;
    const gate = await HttpGate.open((request, response) => server?.serve(request, response));
    server = new GitlabServer(gate);
    return server;
  }

  private constructor(gate: HttpGate) {
    this.gate = gate;
  }

  serveTls(certificate: Certificate): Promise<HttpGate> {
    return HttpGate.open(this.gate.origin, certificate);
  }

  addToken(access: Access): string {
    const token = `glpat-${randomBytes(16).toString("hex")}`;
    this.#tokens.set(token, access);
    return token;
  }

  setAccess(token: string, access: Access): void {
    this.#tokens.set(token, access);
  }

  /** @param kind "projects" or "groups" */
  add(kind: "projects" | "groups", path: string): VariableSet {
    const set = new VariableSet();
    this.#sets.set(`${kind}/${path}`, set);
    return set;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    let answer: { status: number; body?: unknown };
    try {
      answer = this.#answer(request, text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = { status: error.status, body: error.body };
    }
    this.journal.push(`${request.method} ${request.url} ${answer.status}`);
    if (answer.body === undefined) response.writeHead(answer.status).end();
    else
      response
        .writeHead(answer.status, { "content-type": "application/json" })
        .end(JSON.stringify(answer.body));
  }

  #answer(
    { method = "", url = "", headers }: IncomingMessage,
    text: string,
  ): { status: number; body?: unknown } {
    const access = this.#tokens.get(String(headers["private-token"] ?? ""));
    if (access === undefined) throw new Refusal(401, { message: "401 Unauthorized" });
    if (access === "read_api" && method !== "GET") {
      throw new Refusal(403, {
        error: "insufficient_scope",
        error_description: "The request requires higher privileges than provided by the access token.",
        scope: "api",
      });
    }
    const { pathname, searchParams } = new URL(url, this.gate.origin);
    const [, kind, owner = "", key] = VARIABLES.exec(pathname) ?? [];
    const set = this.#sets.get(`${kind}/${decodeURIComponent(owner)}`);
    if (!set) throw new Refusal(404, { message: `404 ${kind === "groups" ? "Group" : "Project"} Not Found` });
    if (access === "developer") throw new Refusal(403, { message: "403 Forbidden" });
    if (key === undefined && method === "POST") return { status: 201, body: shown(set.create(bodyOf(text))) };
    if (key === undefined) throw new Refusal(405, { message: "405 Not Allowed" });

    // Its parser takes parameters from a body, whatever the method.
    const body = text === "" ? {} : bodyOf(text);
    const filter = (body.filter as { environment_scope?: string } | undefined)?.environment_scope;
    const scope = searchParams.get("filter[environment_scope]") ?? filter ?? null;
    const variable = set.find(decodeURIComponent(key), scope);
    if (method === "PUT") return { status: 200, body: shown(set.update(variable, body)) };
    if (method === "DELETE") set.remove(variable);
    return method === "DELETE" ? { status: 204 } : { status: 200, body: shown(variable) };
  }
}

/** A hidden variable never shows its value again. */
function shown(variable: GitlabVariable): Record<string, unknown> {
  return { ...variable, value: variable.hidden ? null : variable.value };
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, { message: "400 Bad request - Invalid JSON" });
  }
}
