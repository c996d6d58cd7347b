import type { Answer } from "./answer";

/** How a login from an address outside of a list is answered. Genesys Cloud has not published how it does. */
export interface Denial {
  readonly status: number;
  /** An object is sent as JSON, a string as it is. @default - no body */
  readonly body?: unknown;
}

/** The addresses that client-credentials logins may come from. */
export interface AllowList {
  readonly addresses: readonly string[];
  /** The client whose list it is. @default - the list of the whole org */
  readonly clientId?: string;
  /** Clients that the org's list is not for. @default - none */
  readonly except?: readonly string[];
  /** @default - 400 access_denied */
  readonly denial?: Denial;
}

const described = (error: string, description: string): object => ({
  error,
  description,
  error_description: description,
});

/** Every form that a denial may have, as far as anybody can think of one. */
export const DENIALS: Readonly<Record<string, Denial>> = {
  "400 access_denied": { status: 400, body: { error: "access_denied" } },
  "401 access_denied": { status: 401, body: { error: "access_denied" } },
  "400 invalid_request": {
    status: 400,
    body: described("invalid_request", "client IP not in allow list"),
  },
  "403": { status: 403 },
  "403 with a page": { status: 403, body: "<html><body>Forbidden</body></html>" },
  "400 unauthorized_client": { status: 400, body: { error: "unauthorized_client" } },
  "400 unauthorized_client with a text": {
    status: 400,
    body: described("unauthorized_client", "client is not authorized to log in from this address"),
  },
  "400 invalid_client without a text": { status: 400, body: { error: "invalid_client" } },
  "401 invalid_client with a text": {
    status: 401,
    body: described("invalid_client", "client address is not allowed"),
  },
};

const DEFAULT = DENIALS["400 access_denied"] as Denial;

/** The lists of an org: one of its own, and one for each client that has one. */
export class AllowLists {
  #lists: AllowList[] = [];

  /**
   * Puts a list in the place of the one that the client, or the org, had.
   * @throws TypeError when it is not well formed, naming the property
   */
  set(list: unknown): void {
    const known = readAllowList(list);
    this.#lists = [...this.#lists.filter(({ clientId }) => clientId !== known.clientId), known];
  }

  clear(): void {
    this.#lists = [];
  }

  /** How a login is denied; undefined when it may come from there. */
  denial(clientId: string, address: string): Answer | undefined {
    const list = this.#lists.find(
      (one) =>
        (one.clientId === undefined ? !one.except?.includes(clientId) : one.clientId === clientId) &&
        !one.addresses.includes(address),
    );
    return list && (list.denial ?? DEFAULT);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

const isDenial = (value: unknown): boolean =>
  isRecord(value) &&
  Number.isInteger(value.status) &&
  (value.status as number) >= 400 &&
  (value.status as number) < 500;

/** For each property what it must be, and whether it is. */
const RULES: Readonly<Record<keyof AllowList, readonly [string, (value: unknown) => boolean]>> = {
  addresses: ["a list of addresses", isTexts],
  clientId: ["a client's id", (value) => value === undefined || typeof value === "string"],
  except: ["a list of clients' ids", (value) => value === undefined || isTexts(value)],
  denial: ["an object with a status from 400 to 499", (value) => value === undefined || isDenial(value)],
};

function readAllowList(value: unknown): AllowList {
  if (!isRecord(value)) throw new TypeError("an allow list must be an object");
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(RULES, name));
  if (unknown !== undefined)
    throw new TypeError(`an allow list has no property ${unknown}; it has ${Object.keys(RULES).join(", ")}`);
  for (const [name, [rule, isFine]] of Object.entries(RULES)) {
    if (!isFine(value[name]))
      throw new TypeError(`${name} must be ${rule}, not ${JSON.stringify(value[name])}`);
  }
  return value as unknown as AllowList;
}
