import { request } from "@octokit/request";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { Progress } from "../../core/progress";
import type { Secret } from "../../core/secret";
import { JsonHttp, readBase } from "../../http/json-http";
import type { GithubServer } from "./server";

const API_VERSION = "2022-11-28";

/** An answer of GitHub's, whatever its status. */
export interface GithubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** How patient a call is: see `JsonRequest`. */
export interface Patience {
  readonly retryFor: number;
  readonly signal?: AbortSignal;
  readonly hidden?: readonly string[];
}

type Fetch = (
  url: string,
  options: { method: string; headers: Record<string, string>; body?: string },
) => Promise<Response>;

/** GitHub's API by its own client, over this program's own connections: no redirects, and answers of bounded size. */
export class GithubApi {
  readonly #base: string;
  readonly #http: JsonHttp;
  readonly #token: Secret;

  /** @throws {StoreFault} when the server's is no address to send a token to */
  constructor({ address, givenBy }: GithubServer, token: Secret, progress: Progress) {
    this.#base = readBase(givenBy, address);
    this.#http = new JsonHttp({ name: "GitHub", base: this.#base }, progress);
    this.#token = token;
  }

  /**
   * @param route such as "GET /repos/{owner}/{repo}"
   * @param parameters of the route's template; the others become the body, or for a GET the query
   * @throws {StoreFault} when no answer came that can be used
   */
  async call(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    patience: Patience,
  ): Promise<GithubAnswer> {
    try {
      const { status, headers, data } = await request(route, {
        ...parameters,
        baseUrl: this.#base,
        headers: {
          authorization: `Bearer ${this.#token.reveal()}`,
          accept: "application/vnd.github+json",
          "user-agent": "genesys-secret",
          "x-github-api-version": API_VERSION,
        },
        // Its log would print addresses to standard output and error.
        request: { fetch: this.#fetch(patience), log: SILENT },
      });
      return { status, headers, data };
    } catch (error) {
      // The client's own errors hold the request, and are not for anybody to see.
      const { cause, response } = error as { cause?: unknown; response?: GithubAnswer };
      if (cause instanceof Error) throw cause;
      if (!response) throw new StoreFault("GitHub's answer cannot be used");
      const { status, headers, data } = response;
      return { status, headers, data };
    }
  }

  #fetch({ retryFor, signal, hidden }: Patience): Fetch {
    return async (url, { method, headers, body }) => {
      const answer = await this.#http.send({
        method: method as "GET",
        path: url.slice(this.#base.length),
        headers,
        json: body === undefined ? undefined : JSON.parse(body),
        retryFor,
        signal,
        hidden,
      });
      const empty = answer.status === 204;
      return new Response(empty ? null : JSON.stringify(answer.body ?? {}), {
        status: answer.status,
        headers: { "content-type": "application/json", ...limitHeaders(answer.headers) },
      });
    };
  }
}

/** Whether GitHub limits the rate, which it says with a 403, too. */
export function isRateLimited({ status, headers }: GithubAnswer): boolean {
  const limited = headers["x-ratelimit-remaining"] === "0" || headers["retry-after"] !== undefined;
  return status === 429 || (status === 403 && limited);
}

/** What went wrong, by the answer's status and GitHub's own message; the request is in neither. */
export function describeAnswer(answer: GithubAnswer): string {
  const { status, data } = answer;
  if (isRateLimited(answer)) return `GitHub limits the rate (${status})`;
  const { message } = (data ?? {}) as { message?: unknown };
  return `GitHub answered ${status}${typeof message === "string" ? `: ${printable(message)}` : ""}`;
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Of an answer's headers, those that tell of rate limits. */
function limitHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept = ["retry-after", "x-ratelimit-remaining"];
  return Object.fromEntries(
    kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
