import { StoreFault } from "../../core/errors";
import { HeldDocument, OWN_FIELDS, SECRET_FIELD, type StoredDocument, toJsonObject } from "../document";
import { OtherRuns } from "../other-runs";
import { notReady, type Store, type StoreContext } from "../store";
import { badOption, type StoreUri } from "../uri";
import { type Attempts, VaultClient } from "./api";
import { readAuth, type VaultAuth } from "./auth";
import { Kv2Entry, type Kv2Version } from "./kv2-entry";
import { logIn } from "./login";
import { locateEntry } from "./mount";
import { assertTokenLasts } from "./readiness";
import { readServer } from "./server";
import { assertVersionsStay, deletionWarning, SettingFault } from "./version-life";

/** How long a request that changes nothing is repeated; writes are repeated by the protocol. */
const RETRY_MS = 10_000;

/** `vault:`, an entry of a KV version 2 secrets engine; each write names the version that it replaces. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new VaultStore(uri, context);
}

class VaultStore implements Store {
  readonly uri: StoreUri;
  readonly #context: StoreContext;
  readonly #auth: VaultAuth;
  readonly #field: string;
  readonly #attempts: Attempts;
  readonly #otherRuns = new OtherRuns();
  #client: VaultClient | undefined;
  #tookToken = false;
  #entry: Kv2Entry | undefined;
  /** What was seen last: the next write replaces that, and nothing newer. */
  #seen: Kv2Version | undefined;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#context = context;
    this.#auth = readAuth(uri);
    this.#field = fieldOf(uri);
    this.#attempts = { retryFor: RETRY_MS, signal: context.signal };
  }

  async prepare(): Promise<void> {
    try {
      const client = await this.#signedIn();
      await assertTokenLasts(client, this.#attempts);
      const entry = await this.#located();
      this.#seen = await entry.load(this.#attempts);
      await assertVersionsStay(client, entry.place, this.#seen, this.#attempts);
      this.#otherRuns.remember(this.#held(this.#seen).document);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      const remedy = error instanceof SettingFault ? error.remedy : "Correct that, then run again.";
      throw notReady(this.uri, error.message, remedy);
    }
  }

  async read(): Promise<StoredDocument | undefined> {
    this.#seen = await (await this.#located()).load(this.#attempts);
    return this.#held(this.#seen).document;
  }

  async rehearse(document: StoredDocument): Promise<void> {
    const entry = await this.#located();
    this.#seen ??= await entry.load(this.#attempts);
    await entry.rehearse(this.#fieldsWith(this.#seen, document), this.#attempts);
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    const entry = await this.#located();
    this.#seen ??= await entry.load(this.#attempts);
    if (await this.#replace(entry, this.#seen, document)) return;

    // Somebody wrote in between; or we did, and the answer was lost.
    const found = await entry.load(this.#attempts);
    const there = this.#held(found).document;
    this.#seen = found;
    if (there && JSON.stringify(toJsonObject(there)) === JSON.stringify(toJsonObject(document))) return;
    if (!over) this.#otherRuns.assertNone(there, document);
    this.#warn("somebody else has written it meanwhile; their fields are kept");
    if (!(await this.#replace(entry, found, document)))
      throw new StoreFault("somebody else keeps writing it at the same time");
  }

  async remove(clientId: string): Promise<boolean> {
    const entry = await this.#located();
    const found = await entry.load(this.#attempts);
    const held = this.#held(found);
    if (!held.isOf(clientId)) return false;
    if (!held.others) await entry.deleteLatest();
    else if ((await entry.replace(held.others.text, found.version)) === undefined)
      throw new StoreFault("somebody else has written it meanwhile");
    this.#seen = undefined;
    return true;
  }

  /** A token that was given stays its owner's; the one taken here is revoked, which may fail: it expires. */
  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#entry = undefined;
    if (!client || !this.#tookToken) return;
    await client
      .send({ method: "POST", path: "auth/token/revoke-self", retryFor: 0 })
      .catch(() => this.#warn("the token of this run could not be revoked; it expires by itself"));
  }

  async #signedIn(): Promise<VaultClient> {
    if (this.#client) return this.#client;
    const { environment, credentialVariables, progress, signal } = this.#context;
    const server = await readServer(environment);
    if (server.skipVerify)
      this.#warn(
        "VAULT_SKIP_VERIFY is set: the server's certificate is NOT checked, and whoever stands in between can read the token and the secret",
      );
    const client = new VaultClient(server, progress);
    this.#tookToken = await logIn(client, this.#auth, {
      environment,
      credentialVariables,
      progress,
      signal,
      isAgent: server.isAgent,
      retryFor: RETRY_MS,
    });
    this.#client = client;
    return client;
  }

  async #located(): Promise<Kv2Entry> {
    const client = await this.#signedIn();
    this.#entry ??= new Kv2Entry(
      client,
      await locateEntry(client, this.uri.target as readonly string[], this.#attempts),
    );
    return this.#entry;
  }

  /** @returns whether `expected` was still the latest version */
  async #replace(entry: Kv2Entry, expected: Kv2Version, document: StoredDocument): Promise<boolean> {
    const text = this.#fieldsWith(expected, document);
    const written = await entry.replace(text, expected.version);
    if (written === undefined) return false;
    this.#seen = { ...written, text };
    const warning = deletionWarning(entry.place, written);
    if (warning) this.#warn(warning);
    return true;
  }

  /** What is written over a version, and rehearsed. */
  #fieldsWith(present: Kv2Version, document: StoredDocument): string {
    return this.#held(present).with(document).text;
  }

  #held({ text }: Kv2Version): HeldDocument {
    return HeldDocument.parse(text, this.#field);
  }

  #warn(line: string): void {
    this.#context.progress.warn(`${this.uri.text}: ${line}`);
  }
}

function fieldOf(uri: StoreUri): string {
  const field = uri.options.get("field") ?? SECRET_FIELD;
  if (/^[A-Za-z0-9_.-]{1,128}$/.test(field) && (field === SECRET_FIELD || !OWN_FIELDS.includes(field)))
    return field;
  throw badOption(
    uri,
    `the option field must be letters, digits, "_", "." and "-", and none of ${OWN_FIELDS.filter((name) => name !== SECRET_FIELD).join(", ")}`,
  );
}
