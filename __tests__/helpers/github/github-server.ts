import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import sodium from "libsodium-wrappers";
import type { Certificate } from "../certificate";
import { HttpGate } from "../http-gate";
import { Refusal, SecretBox } from "./secret-box";

interface Repository {
  readonly id: number;
  readonly fullName: string;
  readonly environments: Set<string>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const SECRETS =
  /^\/(?:repos\/(?<owner>[^/]+)\/(?<repo>[^/]+)\/(?:actions|environments\/(?<environment>[^/]+))|orgs\/(?<org>[^/]+)\/actions)\/secrets\/(?<name>[^/]+)(?<repositories>\/repositories)?$/;
const MAX_PAGE = 100;

/** The part of GitHub's REST API that keeps the secrets of Actions, with its statuses and messages. */
export class GithubServer {
  readonly gate: HttpGate;
  /** Method, path and status of each answer, oldest first. */
  readonly journal: string[] = [];
  readonly #tokens = new Map<string, "read" | "write">();
  readonly #repositories = new Map<string, Repository>();
  readonly #renamed = new Map<string, Repository>();
  readonly #boxes = new Map<string, SecretBox>();

  static async start(): Promise<GithubServer> {
    await sodium.ready;
    let server: GithubServer | undefined;
    const gate = await HttpGate.open((request, response) => server?.serve(request, response));
    server = new GithubServer(gate);
    return server;
  }

  private constructor(gate: HttpGate) {
    this.gate = gate;
  }

  serveTls(certificate: Certificate): Promise<HttpGate> {
    return HttpGate.open(this.gate.origin, certificate);
  }

  /** A token that may read or write secrets, wherever they are. */
  addToken(access: "read" | "write"): string {
    const token = `github_pat_${randomBytes(24).toString("hex")}`;
    this.#tokens.set(token, access);
    return token;
  }

  setAccess(token: string, access: "read" | "write"): void {
    this.#tokens.set(token, access);
  }

  /** @returns its id */
  addRepository(fullName: string, ...environments: string[]): number {
    const id = 1000 + this.#repositories.size;
    this.#repositories.set(fullName.toLowerCase(), { id, fullName, environments: new Set(environments) });
    return id;
  }

  rename(fullName: string, to: string): void {
    const repository = this.#repositories.get(fullName.toLowerCase()) as Repository;
    this.#repositories.delete(fullName.toLowerCase());
    this.#repositories.set(to.toLowerCase(), { ...repository, fullName: to });
    this.#renamed.set(fullName.toLowerCase(), repository);
  }

  /** @param place the path of the secrets: `/repos/acme/shop/actions/secrets` */
  box(place: string): SecretBox {
    const key = place.toLowerCase();
    const box = this.#boxes.get(key) ?? new SecretBox(key.startsWith("/orgs/"));
    this.#boxes.set(key, box);
    return box;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    let answer: Answer;
    try {
      answer = this.#answer(request, text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message } = error;
      answer = {
        status,
        body: { message, documentation_url: "https://docs.github.com/rest", status: `${status}` },
      };
    }
    this.journal.push(`${request.method} ${request.url} ${answer.status}`);
    const json = answer.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
    response.writeHead(answer.status, { ...json, ...answer.headers });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, text: string): Answer {
    const [, token = ""] = /^(?:bearer|token) (\S+)$/i.exec(headers.authorization ?? "") ?? [];
    const access = this.#tokens.get(token);
    if (access === undefined) throw new Refusal(401, "Bad credentials");
    const { pathname: asked, searchParams } = new URL(url, this.gate.origin);
    // Where an Enterprise Server has its API.
    const pathname = asked.replace(/^\/api\/v3(?=\/)/, "");

    const [, ofRepository] = /^\/repos\/([^/]+\/[^/]+)(?:\/|$)/.exec(pathname) ?? [];
    if (ofRepository !== undefined) {
      const renamed = this.#renamed.get(ofRepository.toLowerCase());
      if (renamed) return this.#moved(renamed, pathname);
      if (!this.#repositories.has(ofRepository.toLowerCase())) throw new Refusal(404, "Not Found");
      if (pathname === `/repos/${ofRepository}`) return this.#describe(ofRepository);
    }
    const place = SECRETS.exec(pathname)?.groups;
    if (!place) throw new Refusal(404, "Not Found");
    if (place.environment !== undefined) this.#assertEnvironment(ofRepository as string, place.environment);
    if (method !== "GET" && access !== "write")
      throw new Refusal(403, "Resource not accessible by personal access token");
    const { name = "", repositories } = place;
    const box = this.box(pathname.slice(0, pathname.indexOf("/secrets/") + "/secrets".length));
    if (repositories !== undefined) return this.#repositoriesOf(box, name, searchParams);
    return this.#secret(box, method, name, text);
  }

  #secret(box: SecretBox, method: string, name: string, text: string): Answer {
    if (method === "GET" && name === "public-key") return { status: 200, body: box.publicKey };
    if (method === "PUT") return box.put(name, bodyOf(text)) ? { status: 201, body: {} } : { status: 204 };
    const found = box.get(name);
    if (!found) throw new Refusal(404, "Not Found");
    if (method === "DELETE") box.remove(name);
    if (method === "DELETE") return { status: 204 };
    const now = new Date().toISOString();
    const { visibility } = found;
    const dates = { created_at: now, updated_at: now };
    return { status: 200, body: { name: name.toUpperCase(), ...dates, ...(visibility && { visibility }) } };
  }

  #repositoriesOf(box: SecretBox, name: string, query: URLSearchParams): Answer {
    const found = box.get(name);
    if (!found) throw new Refusal(404, "Not Found");
    if (found.visibility !== "selected") throw new Refusal(409, "Visibility type is not set to selected");
    const size = Math.min(Number(query.get("per_page") ?? 30), MAX_PAGE);
    const from = (Number(query.get("page") ?? 1) - 1) * size;
    const repositories = found.repositories.slice(from, from + size).map((id) => ({ id }));
    return { status: 200, body: { total_count: found.repositories.length, repositories } };
  }

  #describe(fullName: string): Answer {
    const { id, fullName: full_name } = this.#repositories.get(fullName.toLowerCase()) as Repository;
    return { status: 200, body: { id, full_name, name: full_name.split("/")[1], private: true } };
  }

  #assertEnvironment(fullName: string, encoded: string): void {
    const { environments } = this.#repositories.get(fullName.toLowerCase()) as Repository;
    if (!environments.has(decodeURIComponent(encoded))) throw new Refusal(404, "Not Found");
  }

  #moved({ id }: Repository, pathname: string): Answer {
    const url = `${this.gate.origin}/repositories/${id}${pathname
      .split("/")
      .slice(4)
      .map((part) => `/${part}`)
      .join("")}`;
    return { status: 301, body: { message: "Moved Permanently", url }, headers: { location: url } };
  }
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}
