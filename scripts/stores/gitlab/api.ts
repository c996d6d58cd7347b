import { type Environment, variable } from "../../core/environment";
import { printable } from "../../core/printable";
import type { Progress } from "../../core/progress";
import type { Secret } from "../../core/secret";
import { type JsonAnswer, JsonHttp, type JsonRequest, readBase } from "../../http/json-http";

const PUBLIC_SERVER = "https://gitlab.com";

/** GitLab's REST API, with a token that is no job's. */
export class GitlabApi {
  readonly #http: JsonHttp;
  readonly #token: Secret;

  /**
   * The server is GITLAB_URL's, in a job without it the job's own (CI_SERVER_URL), else gitlab.com.
   * @throws {StoreFault} when that is no address to send a token to
   */
  constructor(environment: Environment, token: Secret, progress: Progress) {
    const name = variable(environment, "GITLAB_URL") === undefined ? "CI_SERVER_URL" : "GITLAB_URL";
    const base = `${readBase(name, variable(environment, name) ?? PUBLIC_SERVER)}/api/v4`;
    this.#http = new JsonHttp({ name: "GitLab", base }, progress);
    this.#token = token;
  }

  /** @throws {StoreFault} when no answer came that can be used */
  call(request: Omit<JsonRequest, "headers">): Promise<JsonAnswer> {
    return this.#http.send({ ...request, headers: { "private-token": this.#token.reveal() } });
  }
}

/** What went wrong, by status and, where it is a plain sentence, GitLab's own message. */
export function describeAnswer({ status, body }: JsonAnswer): string {
  if (status === 429) return "GitLab limits the rate (429)";
  const { message, error_description, error } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const said = [message, error_description, error].find((text) => typeof text === "string");
  return `GitLab answered ${status}${said === undefined ? "" : `: ${printable(said as string)}`}`;
}

/** The fields that GitLab found wrong, with its reasons: `value: is invalid`. Empty when it named none. */
export function invalidFields({ status, body }: JsonAnswer): ReadonlyMap<string, string> {
  const { message } = (body ?? {}) as { message?: unknown };
  if (status !== 400 || typeof message !== "object" || message === null) return new Map();
  return new Map(
    Object.entries(message).map(([field, reasons]) => [
      field,
      printable(
        [reasons]
          .flat()
          .filter((reason) => typeof reason === "string")
          .join("; "),
      ),
    ]),
  );
}
