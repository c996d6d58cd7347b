import { randomBytes } from "node:crypto";
import { variable } from "../../core/environment";
import { StoreFault, type StoreNotReadyError } from "../../core/errors";
import { TOKEN } from "../../core/patterns";
import { printable } from "../../core/printable";
import { Secret } from "../../core/secret";
import type { JsonAnswer } from "../../http/json-http";
import type { StoredDocument } from "../document";
import { type Field, readField, readSwitch } from "../field";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { describeAnswer, GitlabApi, invalidFields } from "./api";
import { canHold, readSettings, settingsBody, type VariableSettings } from "./variable-settings";

/** A key that GitLab refuses, so that no variable can ever be made of it. */
const IMPOSSIBLE_KEY = "genesys-secret probe";
const RETRY_BEFORE_MS = 3_000;

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** `gitlab:`, a CI/CD variable. The API gives its value back, but that is no document, so it counts as write-only. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new GitlabStore(uri, context);
}

class GitlabStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #field: Field;
  readonly #settings: VariableSettings;
  readonly #owner: string;
  readonly #key: string;
  /** Path of the project's, or the group's, variables. */
  readonly #variables: string;
  #api: GitlabApi | undefined;
  /** Calls of `prepare` are retried and cut by an interrupt; those of `write` are neither. */
  #patience: { retryFor: number; signal?: AbortSignal };

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    this.#field = readField(uri);
    this.#settings = readSettings(uri);
    const [path, key] = uri.target as unknown as [string, string];
    const isGroup = readSwitch(uri, "group", false);
    this.#owner = `the ${isGroup ? "group" : "project"} ${path}`;
    this.#key = key;
    this.#variables = `/${isGroup ? "groups" : "projects"}/${encodeURIComponent(path)}/variables`;
    this.#patience = { retryFor: RETRY_BEFORE_MS, signal: context.signal };
  }

  async prepare(): Promise<void> {
    const { environment, progress } = this.#context;
    const token = readToken(this.uri, environment);
    try {
      this.#api = new GitlabApi(environment, token, progress);
      const found = await this.#find();
      if (found.status !== 200 && !isMissingVariable(found)) throw this.#refused(found);
      await this.#rehearse(found.status !== 200);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      throw notReady(
        this.uri,
        error.message,
        "Check the network, GITLAB_URL, and that the project was not renamed or moved, then run again.",
      );
    } finally {
      this.#patience = { retryFor: 0 };
    }
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const value = this.#field.valueIn(document);
    if (!canHold(this.#settings, value))
      throw new StoreFault("GitLab cannot mask this value, and unmasked it is not stored");
    const body = { ...settingsBody(this.#settings), value };
    let answer = await this.#call("PUT", this.#path + this.#filter, body);
    if (isMissingVariable(answer)) answer = await this.#call("POST", "", { ...body, key: this.#key });
    if (answer.status !== 200 && answer.status !== 201) throw new StoreFault(describeWrite(answer));
    // GitLab answers the variable as it is now; a hidden one comes without its value.
    const now = (answer.body ?? {}) as { value?: unknown; masked?: unknown };
    if (typeof now.value === "string" && now.value !== value)
      throw new StoreFault("GitLab says that the variable holds something else");
    if (this.#settings.masked && now.masked !== true)
      throw new StoreFault("GitLab says that the variable is not masked");
  }

  async release(): Promise<void> {}

  get #path(): string {
    return `/${encodeURIComponent(this.#key)}`;
  }

  /** One key may have a variable for each scope. */
  get #filter(): string {
    return `?${new URLSearchParams({ "filter[environment_scope]": this.#settings.environmentScope })}`;
  }

  #find(): Promise<JsonAnswer> {
    return this.#call("GET", this.#path + this.#filter);
  }

  /**
   * GitLab has no dry run, and a token that reads may be one that cannot write. So a canary of a secret's shape is
   * written under a key that GitLab refuses: it then names everything that is wrong, and nothing comes to be.
   * @param isNew whether there is no such variable yet, so that limits on their number count
   */
  async #rehearse(isNew: boolean): Promise<void> {
    const value = randomBytes(32).toString("base64url");
    const answer = await this.#call("POST", "", {
      ...settingsBody(this.#settings),
      key: IMPOSSIBLE_KEY,
      value,
    });
    if (answer.status === 201) {
      await this.#call("DELETE", `/${encodeURIComponent(IMPOSSIBLE_KEY)}${this.#filter}`);
      return;
    }
    const invalid = invalidFields(answer);
    if (invalid.size === 0) throw this.#refused(answer);
    const faults = [...invalid].filter(([field]) => field !== "key" && (isNew || field !== "base"));
    if (faults.length === 0) return;
    throw notReady(
      this.uri,
      `GitLab refuses a variable of these settings (${faults.map(([field, reason]) => `${printable(field)}: ${reason}`).join("; ")})`,
      "Correct the options of the store URI, then run again.",
    );
  }

  #call(method: Method, path: string, json?: unknown): Promise<JsonAnswer> {
    return (this.#api as GitlabApi).call({ method, path: this.#variables + path, json, ...this.#patience });
  }

  #refused(answer: JsonAnswer): StoreNotReadyError {
    const said = describeAnswer(answer);
    if (answer.status === 401) {
      return notReady(
        this.uri,
        `the token is refused (${said})`,
        "Set GITLAB_TOKEN to a valid token of that server, then run again.",
      );
    }
    if (answer.status === 403 || answer.status === 404) {
      return notReady(
        this.uri,
        `${this.#owner} is not there, or the token may not write its variables (${said})`,
        `Check the path, and give the token the scope api and the role ${this.#owner.startsWith("the group") ? "Owner" : "Maintainer"}, then run again.`,
      );
    }
    return notReady(
      this.uri,
      said,
      "Run again when GitLab answers; for gitlab.com see https://status.gitlab.com.",
    );
  }
}

function readToken(uri: StoreUri, environment: StoreContext["environment"]): Secret {
  const token = variable(environment, "GITLAB_TOKEN");
  const remedy =
    "Set GITLAB_TOKEN to a project, group or personal access token with the scope api, then run again.";
  if (token === undefined) {
    const job = variable(environment, "CI_JOB_TOKEN") !== undefined;
    throw notReady(
      uri,
      `GITLAB_TOKEN is not set${job ? ", and a job's own CI_JOB_TOKEN may not write variables" : ""}`,
      remedy,
    );
  }
  if (!TOKEN.test(token)) throw notReady(uri, "GITLAB_TOKEN contains a character that no token has", remedy);
  return new Secret(token);
}

/** GitLab says 404 of the project, too, to whoever may not see it. */
function isMissingVariable({ status, body }: JsonAnswer): boolean {
  const { message } = (body ?? {}) as { message?: unknown };
  return status === 404 && typeof message === "string" && /variable not found/i.test(message);
}

/** Names of fields only: a reason might quote the value. */
function describeWrite(answer: JsonAnswer): string {
  const fields = [...invalidFields(answer).keys()].map(printable);
  return fields.length > 0 ? `GitLab refuses its ${fields.join(", ")} (400)` : describeAnswer(answer);
}
