import { randomBytes } from "node:crypto";
import { StoreFault } from "../../core/errors";
import type { StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { describeAnswer, type GithubAnswer, GithubApi, isRateLimited, type Patience } from "./api";
import { type Audience, findAudience } from "./organization-audience";
import { type PublicKey, readPublicKey, seal } from "./sealed-box";
import { readPlace, type SecretPlace } from "./secret-place";
import { type GithubServer, readGithubServer } from "./server";

/** A name that GitHub keeps for itself, so that no secret can ever be made of it. */
const IMPOSSIBLE_NAME = "GITHUB_GENESYS_SECRET_PROBE";
/** Is there while a new secret is rehearsed, and only then. */
const SCRATCH_NAME = "GENESYS_SECRET_REHEARSAL";
const RETRY_BEFORE_MS = 3_000;

/** `github-actions:`, a secret of GitHub Actions, sealed for GitHub's public key. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new GithubActionsStore(uri, context);
}

class GithubActionsStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #place: SecretPlace;
  readonly #field: Field;
  readonly #server: GithubServer;
  #api: GithubApi | undefined;
  #key: PublicKey | undefined;
  #audience: Audience | undefined;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    this.#place = readPlace(uri);
    this.#field = readField(uri);
    this.#server = readGithubServer(context.environment);
  }

  async prepare(): Promise<void> {
    const { token, tokenVariables } = this.#server;
    if (token === undefined) {
      throw notReady(
        this.uri,
        `${tokenVariables.join(" or ")} is not set`,
        `Set ${tokenVariables[0]} to a token with ${this.#place.rights}, then run again.`,
      );
    }
    await this.#beforehand(async (patience) => {
      this.#api = new GithubApi(this.#server, token, this.#context.progress);
      const key = await this.#fetchKey(this.#api, patience, (answer) => this.#expect(answer, 200));
      if (this.#place.ofOrganization)
        this.#audience = await findAudience(this.#api, this.#place, patience, this.#expect);
      await this.#assertWritable(this.#api, key, patience);
      this.#key = key;
    });
  }

  /**
   * A new secret is made under another name, and deleted: GitHub has a limit on their number. One that exists cannot
   * be rehearsed: nobody can read it, so nobody could write it back.
   */
  async rehearse(document: StoredDocument): Promise<void> {
    const [api, key] = [this.#api as GithubApi, this.#key as PublicKey];
    const value = this.#field.valueIn(document);
    await this.#beforehand(async (patience) => {
      if (await this.#isThere(api, patience)) return;
      const put = (): Promise<GithubAnswer> =>
        this.#put(api, SCRATCH_NAME, value, key, { ...patience, hidden: [value] });
      let answer = this.#expect(await put(), 201, 204);
      // A killed run has left it there: only what is made anew meets the limit.
      if (answer.status === 204) {
        await this.#delete(api, SCRATCH_NAME, patience);
        answer = this.#expect(await put(), 201, 204);
      }
      await this.#delete(api, SCRATCH_NAME, patience);
    });
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const api = this.#api as GithubApi;
    const value = this.#field.valueIn(document);
    // GitHub opens the seal, and might quote what it finds.
    const patience: Patience = { retryFor: 0, hidden: [value] };
    this.#key ??= await this.#fetchKey(api, patience, (answer) => {
      if (answer.status !== 200) throw new StoreFault(describeAnswer(answer));
    });
    const answer = await this.#put(api, this.#place.name, value, this.#key, patience);
    if (answer.status === 201 || answer.status === 204) return;
    // GitHub may have changed its key since; the next try asks for it.
    this.#key = undefined;
    throw new StoreFault(describeAnswer(answer));
  }

  async release(): Promise<void> {}

  async #fetchKey(
    api: GithubApi,
    patience: Patience,
    check: (answer: GithubAnswer) => void,
  ): Promise<PublicKey> {
    const { path, parameters } = this.#place;
    const answer = await api.call(`GET ${path}/public-key`, parameters, patience);
    check(answer);
    return readPublicKey(answer.data);
  }

  /** What may go wrong before the irreversible call, with what to do about it. */
  async #beforehand(work: (patience: Patience) => Promise<void>): Promise<void> {
    try {
      await work({ retryFor: RETRY_BEFORE_MS, signal: this.#context.signal });
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      throw notReady(
        this.uri,
        error.message,
        `Check the network, ${this.#server.givenBy}, and that the repository was not renamed or moved, then run again.`,
      );
    }
  }

  /**
   * GitHub has no dry run, and a token that reads the public key may be one that cannot write. So a value is written
   * to a name that GitHub refuses: whoever may write is told that the name is wrong (422), everybody else is refused.
   */
  async #assertWritable(api: GithubApi, key: PublicKey, patience: Patience): Promise<void> {
    const canary = randomBytes(32).toString("base64url");
    const answer = await this.#put(api, IMPOSSIBLE_NAME, canary, key, patience);
    if (answer.status === 422) return;
    this.#expect(answer, 201, 204);
    await this.#delete(api, IMPOSSIBLE_NAME, patience);
  }

  async #isThere(api: GithubApi, patience: Patience): Promise<boolean> {
    const { path, parameters, name: secret_name } = this.#place;
    const answer = await api.call(`GET ${path}/{secret_name}`, { ...parameters, secret_name }, patience);
    return this.#expect(answer, 200, 404).status === 200;
  }

  async #delete(api: GithubApi, secret_name: string, patience: Patience): Promise<void> {
    const { path, parameters } = this.#place;
    const answer = await api.call(`DELETE ${path}/{secret_name}`, { ...parameters, secret_name }, patience);
    this.#expect(answer, 204, 404);
  }

  #put(
    api: GithubApi,
    name: string,
    value: string,
    key: PublicKey,
    patience: Patience,
  ): Promise<GithubAnswer> {
    const { path, parameters } = this.#place;
    return api.call(
      `PUT ${path}/{secret_name}`,
      {
        ...parameters,
        ...this.#audience,
        secret_name: name,
        encrypted_value: seal(value, key),
        key_id: key.keyId,
      },
      patience,
    );
  }

  /** @throws {StoreNotReadyError} unless the answer has one of the statuses */
  readonly #expect = (answer: GithubAnswer, ...statuses: number[]): GithubAnswer => {
    if (statuses.includes(answer.status)) return answer;
    const said = describeAnswer(answer);
    if (answer.status === 401)
      throw notReady(
        this.uri,
        `the token is refused (${said})`,
        `Set ${this.#server.tokenVariables[0]} to a valid token, then run again.`,
      );
    if (!isRateLimited(answer) && (answer.status === 403 || answer.status === 404)) {
      throw notReady(
        this.uri,
        `${this.#place.title} is not there, or the token may not write its secrets (${said})`,
        `Check the names, and give the token ${this.#place.rights}; a job's own GITHUB_TOKEN can never have them.`,
      );
    }
    if (answer.status === 422)
      throw notReady(
        this.uri,
        `${this.#place.title} takes no new secret (${said})`,
        "Delete a secret that nobody uses, or name one that is there, then run again.",
      );
    throw notReady(this.uri, said, "Run again when GitHub answers; see https://www.githubstatus.com.");
  };
}
