import { ProviderError } from "../protocol/diagnostic";
import { ApiClient } from "./api-client";
import { explain } from "./api-error";
import type { Settings } from "./settings";
import { requestToken } from "./token";

/** The org's home division. */
export interface Division {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

// So many of the pool's tokens are asked for at a time, as by the real provider.
const TOKENS_AT_A_TIME = 5;

/** A configured provider block: its tokens, and what it has learnt of the org. */
export class Session {
  readonly #pool: readonly ApiClient[];
  #turn = 0;
  #homeDivision: Promise<string> | undefined;

  private constructor(pool: readonly ApiClient[]) {
    this.#pool = pool;
  }

  /** Logs in and greets the org with the calls of the real provider, in its order. */
  static async open(settings: Settings): Promise<Session> {
    const { api, login, credentials, poolSize } = settings;
    if ("accessToken" in credentials) {
      const only = new ApiClient(api, credentials.accessToken);
      await greet(only);
      return new Session([only]);
    }
    const client = async () =>
      new ApiClient(api, await requestToken(login, credentials.id, credentials.secret));
    // The first token is for the calls outside the pool; should it be refused, the others are not asked for.
    const first = await client();
    const pool: ApiClient[] = [];
    while (pool.length < poolSize) {
      const missing = Math.min(TOKENS_AT_A_TIME, poolSize - pool.length);
      pool.push(...(await Promise.all(Array.from({ length: missing }, client))));
    }
    await greet(first);
    return new Session(pool);
  }

  /** The client whose turn it is: each token has its own rate limit, so operations take turns. */
  client(): ApiClient {
    return this.#pool[this.#turn++ % this.#pool.length] as ApiClient;
  }

  /** The id of the home division, asked for once. */
  homeDivision(): Promise<string> {
    this.#homeDivision ??= this.client()
      .call<Division>("GET", "/api/v2/authorization/divisions/home")
      .then(({ id }) => required(id, "the home division's id"))
      .catch(explain("genesyscloud_auth_division_home", "Failed to query home division"));
    return this.#homeDivision;
  }
}

async function greet(client: ApiClient): Promise<void> {
  const organization = await client
    .call<{ defaultCountryCode: string }>("GET", "/api/v2/organizations/me")
    .catch(explain("genesyscloud", "Failed to get the organization"));
  // The real provider crashes here. A sandbox that lets it crash must not pass with the stand-in.
  required(organization.defaultCountryCode, "the organization's defaultCountryCode");
  const products = await client
    .call<{ total: number; entities: unknown[] }>("GET", "/api/v2/authorization/products")
    .catch(explain("genesyscloud", "Failed to get the authorization products"));
  required(products.total, "the number of authorization products");
  required(products.entities, "the authorization products");
}

/** Insists on a part of an answer that the real provider relies on. */
export function required<T>(part: T | undefined, what: string): T {
  if (part === undefined || part === null)
    throw new ProviderError(`The answer of Genesys Cloud lacks ${what}.`);
  return part;
}
