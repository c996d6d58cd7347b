import { agreeing, type Environment, variable } from "../../core/environment";
import { printable } from "../../core/printable";
import type { Progress } from "../../core/progress";
import type { Secret } from "../../core/secret";
import { type JsonAnswer, JsonHttp, type JsonRequest, readBase } from "../../http/json-http";

const PUBLIC_SERVER = "https://gitlab.com";
/** Ours, and those of glab, which also takes a host alone. */
const SERVER_VARIABLES = ["GITLAB_URL", "GITLAB_HOST", "GITLAB_URI", "GL_HOST"];
export const TOKEN_VARIABLES = ["GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"];

/** GitLab's REST API, with a token that is no job's. */
export class GitlabApi {
  readonly #http: JsonHttp;
  readonly #token: Secret;

  /** @throws {StoreFault | UsageError} when there is no address to send a token to */
  constructor(environment: Environment, token: Secret, progress: Progress) {
    this.#http = new JsonHttp({ name: "GitLab", base: `${serverIn(environment)}/api/v4` }, progress);
    this.#token = token;
  }

  /** @throws {StoreFault} when no answer came that can be used */
  call(request: Omit<JsonRequest, "headers">): Promise<JsonAnswer> {
    return this.#http.send({ ...request, headers: { "private-token": this.#token.reveal() } });
  }
}

/**
 * The server that is named, in a job without one the job's own (CI_SERVER_URL), else gitlab.com.
 * @throws {StoreFault | UsageError}
 */
function serverIn(environment: Environment): string {
  const named = agreeing(environment, SERVER_VARIABLES, (text, name) =>
    readBase(name, text.includes("://") ? text : `https://${text}`),
  );
  const ofJob = variable(environment, "CI_SERVER_URL");
  return named ?? (ofJob === undefined ? PUBLIC_SERVER : readBase("CI_SERVER_URL", ofJob));
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
