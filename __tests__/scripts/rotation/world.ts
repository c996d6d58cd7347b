import { StoreFault } from "../../../scripts/core/errors";
import { Secret } from "../../../scripts/core/secret";
import type { OAuthClient } from "../../../scripts/genesys/answers";
import type { GenesysPort } from "../../../scripts/genesys/genesys-port";
import type { Credentials, Login } from "../../../scripts/genesys/login";
import { Interrupts } from "../../../scripts/rotation/interrupts";
import type { RotationReport } from "../../../scripts/rotation/report";
import { type RotationRequest, rotate } from "../../../scripts/rotation/rotate";
import type { StoredDocument } from "../../../scripts/stores/document";
import type { OpenedStore } from "../../../scripts/stores/store";
import { parseStoreUri } from "../../../scripts/stores/uri";

export const ORDERS: OAuthClient = {
  id: "c1",
  name: "orders",
  authorizedGrantType: "CLIENT-CREDENTIALS",
  state: "active",
};
export const SPARE: OAuthClient = { ...ORDERS, id: "c2", name: "spare" };

export function documentOf(changes: Partial<StoredDocument> = {}): StoredDocument {
  return {
    clientId: "c1",
    clientSecret: new Secret("s1"),
    region: "us-east-1",
    regeneratedAt: "2026-01-01T00:00:00.000Z",
    rotation: "version:1",
    stores: ["file:/a"],
    ...changes,
  };
}

/** What a store may be told to do. */
export interface StoreTraits {
  readonly document?: StoredDocument;
  /** A document that a run which was interrupted left staged; a store with this key stages. */
  readonly staged?: StoredDocument | null;
  readonly readable?: boolean;
  readonly notRehearsed?: string;
  /** Thrown by this many calls before one succeeds; infinitely many by default. */
  readonly faults?: Partial<
    Record<"prepare" | "read" | "rehearse" | "write" | "readStaged" | "promote", readonly [Error, number?]>
  >;
  /** What another run writes right after each of so many of our writes; after every one by default. */
  readonly overtakenBy?: readonly [StoredDocument, number?];
}

/** A store in memory that notes each call in the world's record. */
export class ModelStore implements OpenedStore {
  readonly uri;
  readonly readable: boolean;
  readonly notRehearsed?: string;
  document: StoredDocument | undefined;
  staged: StoredDocument | undefined;
  rehearsed: StoredDocument | undefined;
  readStaged?: OpenedStore["readStaged"];
  promote?: OpenedStore["promote"];
  readonly #record: string[];
  readonly #faults: Partial<Record<string, [Error, number]>>;
  readonly #other: StoredDocument | undefined;
  #overtakes: number;
  /** Whether this run has written it: then it reads what it has staged. */
  #isWritten = false;
  #onPrepare: () => unknown = () => {};
  #onRehearse: () => unknown = () => {};
  #onWrite: () => unknown = () => {};
  readonly #letThrough = new Map<string, number>();

  constructor(uri: string, record: string[], traits: StoreTraits) {
    this.uri = parseStoreUri(uri);
    this.readable = traits.readable ?? true;
    this.notRehearsed = traits.notRehearsed;
    this.document = traits.document;
    this.#record = record;
    [this.#other, this.#overtakes = Number.POSITIVE_INFINITY] = traits.overtakenBy ?? [];
    this.#faults = Object.fromEntries(
      Object.entries(traits.faults ?? {}).map(([call, [error, times = Number.POSITIVE_INFINITY]]) => [
        call,
        [error, times],
      ]),
    );
    if (traits.staged === undefined) return;
    this.staged = traits.staged ?? undefined;
    this.readStaged = async () => {
      this.#note("readStaged");
      return this.staged;
    };
    this.promote = async (over) => {
      this.#note("promote", over ? " over" : "");
      if (this.staged) this.document = this.staged;
      this.staged = undefined;
    };
  }

  /** Lets so many calls succeed before the faults begin. */
  letThrough(call: string, calls: number): void {
    this.#letThrough.set(call, calls);
  }

  onPrepare(work: () => unknown): void {
    this.#onPrepare = work;
  }

  onRehearse(work: () => unknown): void {
    this.#onRehearse = work;
  }

  onWrite(work: () => unknown): void {
    this.#onWrite = work;
  }

  async prepare(dryRun: boolean): Promise<void> {
    this.#note("prepare", dryRun ? " dry" : "");
    await this.#onPrepare();
  }

  async read(): Promise<StoredDocument | undefined> {
    this.#note("read");
    return this.#isWritten ? (this.staged ?? this.document) : this.document;
  }

  async rehearse(document: StoredDocument): Promise<void> {
    this.#note("rehearse", ` ${document.clientId} ${document.rotation}`);
    this.#onRehearse();
    this.rehearsed = document;
  }

  async write(document: StoredDocument, over?: boolean): Promise<void> {
    this.#note("write", ` ${document.clientId} ${document.clientSecret.reveal()}${over ? " over" : ""}`);
    this.#onWrite();
    const written = this.#overtakes-- > 0 && this.#other ? this.#other : document;
    if (this.promote) this.staged = written;
    else this.document = written;
    this.#isWritten = true;
  }

  async release(): Promise<void> {
    this.#note("release");
  }

  #note(call: string, more = ""): void {
    this.#record.push(`${this.uri.text} ${call}${more}`);
    const through = this.#letThrough.get(call) ?? 0;
    this.#letThrough.set(call, through - 1);
    const fault = this.#faults[call];
    if (through > 0 || !fault || fault[1] <= 0) return;
    fault[1]--;
    throw fault[0];
  }
}

/** An org of one client, or of twins, that notes each call in the world's record. */
export class ModelGenesys implements GenesysPort {
  readonly clients: readonly OAuthClient[];
  /** The secret of each client, by id. */
  readonly live = new Map<string, string>();
  adminClientId: string | undefined = "admin";
  /** Answers logins in place of the org, while there are any. */
  readonly logins: Login[] = [];
  regenerateFault: Error | undefined;
  onRegenerate: () => void = () => {};
  readonly #record: string[];
  #made = 0;

  constructor(record: string[], clients: readonly OAuthClient[]) {
    this.#record = record;
    this.clients = clients;
    for (const { id } of clients) this.live.set(id, `s-${id}`);
  }

  async signIn(): Promise<string | undefined> {
    this.#record.push("sign in");
    return this.adminClientId;
  }

  async findClients(): Promise<readonly OAuthClient[]> {
    this.#record.push("find");
    return this.clients;
  }

  ignoreInterrupts(): void {
    this.#record.push("ignore interrupts");
  }

  async regenerate(client: OAuthClient): Promise<Secret> {
    this.#record.push(`regenerate ${client.id}`);
    this.onRegenerate();
    if (this.regenerateFault) throw this.regenerateFault;
    const secret = `new${++this.#made}`;
    this.live.set(client.id, secret);
    return new Secret(secret);
  }

  async logIn({ clientId, secret, grant }: Credentials, retryFor: number): Promise<Login> {
    this.#record.push(`log in ${clientId} ${secret.reveal()} ${grant ?? "-"} ${retryFor}`);
    const [said] = this.logins.splice(0, 1);
    if (said) return said;
    return this.live.get(clientId) === secret.reveal()
      ? { kind: "accepted", token: new Secret(`token-${clientId}`) }
      : { kind: "refused", reason: "invalid_client" };
  }

  /** Clients of the org that are not this run's; "unknown" is one that it does not tell. */
  readonly others = new Map<string, OAuthClient | "unknown">();

  async lookUp(clientId: string): Promise<OAuthClient | "not found" | "unknown"> {
    this.#record.push(`look up ${clientId}`);
    return this.others.get(clientId) ?? "not found";
  }

  async revoke(token: Secret): Promise<void> {
    this.#record.push(`revoke ${token.reveal()}`);
  }

  async signOut(): Promise<void> {
    this.#record.push("sign out");
  }
}

/** Everything around one run of the protocol, and a record of what it did, in order. */
export class World {
  readonly record: string[] = [];
  readonly said: string[] = [];
  readonly genesys: ModelGenesys;
  readonly stores: readonly ModelStore[];
  interrupts = new Interrupts();
  warnings: readonly string[] = [];

  constructor(stores: Readonly<Record<string, StoreTraits>>, clients: readonly OAuthClient[] = [ORDERS]) {
    this.genesys = new ModelGenesys(this.record, clients);
    this.stores = Object.entries(stores).map(([uri, traits]) => new ModelStore(uri, this.record, traits));
  }

  /** Runs the protocol; pauses between retries take no time. */
  async rotate(changes: Partial<RotationRequest> = {}): Promise<RotationReport> {
    const { genesys, stores, interrupts } = this;
    const progress = this.progress;
    const warnings = async (): Promise<readonly string[]> => this.warnings;
    const request = {
      rotation: "version:1",
      dryRun: false,
      retryFor: 2000,
      verifyFor: 1000,
      takeOver: { allowed: [], howTo: (id: string) => `take over ${id}` },
      ...changes,
    };
    const region = { name: "us-east-1", domain: "mypurecloud.com" };
    return withoutWaiting(() => rotate({ genesys, stores, region, progress, interrupts, warnings }, request));
  }

  get progress() {
    return {
      info: (line: string): void => void this.said.push(line),
      warn: (line: string): void => void this.said.push(`! ${line}`),
    };
  }

  /** Each store's report in one line. */
  static holdings(report: RotationReport): string[] {
    return report.stores.map(
      ({ uri, holds, reason }) => `${uri} ${holds}${reason === undefined ? "" : `: ${reason}`}`,
    );
  }
}

/** Runs work whose pauses pass at once, by a clock that jumps from timer to timer. */
export async function withoutWaiting<T>(work: () => Promise<T>): Promise<T> {
  jest.useFakeTimers({ now: Date.parse("2026-06-01T00:00:00Z"), doNotFake: ["nextTick", "setImmediate"] });
  try {
    let done = false;
    const result = work().finally(() => {
      done = true;
    });
    result.catch(() => {});
    while (!done) {
      await jest.advanceTimersToNextTimerAsync();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return await result;
  } finally {
    jest.useRealTimers();
  }
}

export const down = (): StoreFault => new StoreFault("it is down");
