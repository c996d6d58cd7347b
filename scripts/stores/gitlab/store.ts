import { randomBytes } from "node:crypto";
import { agreeing, variable } from "../../core/environment";
import { StoreFault, type StoreNotReadyError } from "../../core/errors";
import { TOKEN } from "../../core/patterns";
import { printable, quote } from "../../core/printable";
import { Secret } from "../../core/secret";
import type { JsonAnswer } from "../../http/json-http";
import type { StoredDocument } from "../document";
import { type Field, readField, readSwitch } from "../field";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { describeAnswer, GitlabApi, invalidFields, TOKEN_VARIABLES } from "./api";
import { canHold, type Variable, VariableSettings, variableIn } from "./variable-settings";

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
  /** The variable as it was seen last; undefined when there was none. */
  #present: Variable | undefined;
  /** Calls before the write are retried and cut by an interrupt; those of `write` are neither. */
  #patience: { retryFor: number; signal?: AbortSignal };

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    this.#field = readField(uri);
    this.#settings = new VariableSettings(uri);
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
    await this.#orNotReady(async () => {
      this.#api = new GitlabApi(environment, token, progress);
      const present = await this.#find();
      if (present?.masked === false && this.#field.secret)
        progress.warn(
          `${this.uri.text}: the variable is not masked: the logs of jobs that print it show the secret; mask it in the settings of ${this.#owner}`,
        );
      if (!present && !this.#settings.namesScope) await this.#assertNoOtherScope();
    });
  }

  /** Writes the value that is there. A new variable is made under a key that GitLab refuses: nothing comes to be. */
  async rehearse(document: StoredDocument): Promise<void> {
    await this.#orNotReady(async () => {
      const present = await this.#find();
      if (!present) return this.#rehearseNew();
      const settings = { ...present, ...this.#settings.asked };
      if (!canHold(settings, this.#field.valueIn(document)))
        throw notReady(
          this.uri,
          "the variable is masked, and GitLab cannot mask what will be written",
          "Name another key, or another field, then run again.",
        );
      const answer = await this.#put(present.value ?? undefined);
      if (answer.status === 200) return;
      if (invalidFields(answer).size === 0) throw this.#refused(answer);
      throw this.#wrongSettings(describeWrite(answer));
    });
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    this.#patience = { retryFor: 0 };
    const value = this.#field.valueIn(document);
    const [before, { ofNew }] = [this.#present, this.#settings];
    if (!before && !canHold(ofNew, value))
      throw new StoreFault("GitLab cannot mask this value, and unmasked it is not stored");
    let answer = await this.#put(value);
    if (isMissingVariable(answer)) answer = await this.#post(this.#key, value);
    if (answer.status !== 200 && answer.status !== 201) throw new StoreFault(describeWrite(answer));
    // GitLab answers the variable as it is now; a hidden one comes without its value.
    const now = variableIn(answer.body);
    if (typeof now?.value === "string" && now.value !== value)
      throw new StoreFault("GitLab says that the variable holds something else");
    if ((before ?? ofNew).masked && now?.masked !== true)
      throw new StoreFault("GitLab says that the variable is not masked");
  }

  async release(): Promise<void> {}

  get #path(): string {
    return `/${encodeURIComponent(this.#key)}`;
  }

  /** One key may have a variable for each scope. */
  get #filter(): string {
    return `?${new URLSearchParams({ "filter[environment_scope]": this.#settings.scope })}`;
  }

  /** The variable as it is; undefined when there is none. @throws {StoreFault | StoreNotReadyError} */
  async #find(): Promise<Variable | undefined> {
    const found = await this.#call("GET", this.#path + this.#filter);
    const isMissing = isMissingVariable(found);
    if (found.status !== 200 && !isMissing) throw this.#refused(found);
    this.#present = isMissing ? undefined : variableIn(found.body);
    if (!this.#present && !isMissing) throw new StoreFault("GitLab's answer is not a variable");
    return this.#present;
  }

  /** Whoever names no scope means the variable of that key: a second one beside it would be a surprise. */
  async #assertNoOtherScope(): Promise<void> {
    const found = await this.#call("GET", this.#path);
    if (isMissingVariable(found)) return;
    // With several of that key GitLab asks to choose.
    if (found.status !== 200 && found.status !== 409) throw this.#refused(found);
    const scope = variableIn(found.body)?.environment_scope;
    const which = scope === undefined ? "several environments, and not for all" : `${quote(scope)} only`;
    throw notReady(
      this.uri,
      `a variable of that key exists for ${which}`,
      `Name the one that you mean with the option environment_scope${scope === undefined ? "" : `=${encodeURIComponent(scope)}`}; environment_scope=* makes another one. Then run again.`,
    );
  }

  /** The call by which this store writes a variable that is there, and rehearses it; without a value it stays as it is. */
  #put(value: string | undefined): Promise<JsonAnswer> {
    return this.#call("PUT", this.#path + this.#filter, { ...this.#settings.asked, value });
  }

  /** The call by which this store makes a variable, and rehearses it. */
  #post(key: string, value: string): Promise<JsonAnswer> {
    return this.#call("POST", "", { ...this.#settings.ofNew, key, value });
  }

  /** GitLab has no dry run. It names everything that is wrong at once: besides the key there must be nothing. */
  async #rehearseNew(): Promise<void> {
    const answer = await this.#post(IMPOSSIBLE_KEY, randomBytes(32).toString("base64url"));
    if (answer.status === 201) {
      await this.#call("DELETE", `/${encodeURIComponent(IMPOSSIBLE_KEY)}${this.#filter}`);
      return;
    }
    const invalid = invalidFields(answer);
    if (invalid.size === 0) throw this.#refused(answer);
    const faults = [...invalid].filter(([field]) => field !== "key");
    if (faults.length > 0)
      throw this.#wrongSettings(faults.map(([field, reason]) => `${printable(field)}: ${reason}`).join("; "));
  }

  /** @throws {StoreNotReadyError} for every fault of the work */
  async #orNotReady(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      throw notReady(
        this.uri,
        error.message,
        "Check the network, GITLAB_URL or GITLAB_HOST, and that the project was not renamed or moved, then run again.",
      );
    }
  }

  #wrongSettings(what: string): StoreNotReadyError {
    return notReady(
      this.uri,
      `GitLab refuses a variable of these settings (${what})`,
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
  const remedy =
    "Set GITLAB_TOKEN to a project, group or personal access token with the scope api, then run again.";
  const token = agreeing(environment, TOKEN_VARIABLES, (value, name) => {
    if (!TOKEN.test(value)) throw notReady(uri, `${name} contains a character that no token has`, remedy);
    return value;
  });
  if (token !== undefined) return new Secret(token);
  const job = variable(environment, "CI_JOB_TOKEN") !== undefined;
  throw notReady(
    uri,
    `GITLAB_TOKEN is not set${job ? ", and a job's own CI_JOB_TOKEN may not write variables" : ""}`,
    remedy,
  );
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
