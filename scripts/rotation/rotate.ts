import {
  DefectError,
  GenesysSecretError,
  InterruptedError,
  NotStoredError,
  NotVerifiedError,
  type SecretState,
  StoreNotReadyError,
} from "../errors";
import type { OAuthClient } from "../genesys/answers";
import type { Region } from "../genesys/regions";
import { describeFailure } from "../genesys/transport";
import { quote } from "../printable";
import type { Progress } from "../progress";
import type { StoredDocument } from "../stores/document";
import { type Store, StoreFault } from "../stores/store";
import { describeDefect } from "./defect";
import { distribute } from "./distribute";
import type { GenesysPort } from "./genesys-port";
import type { Interrupts } from "./interrupts";
import { type Found, type Plan, planRotation } from "./plan";
import type { RotationReport, StoreReport } from "./report";
import { assertRotatable } from "./rotatable";

export interface RotationRequest {
  /** Rotation id; null when none was given. */
  readonly rotation: string | null;
  readonly dryRun: boolean;
  /** Limit for each phase's retries, milliseconds. */
  readonly retryFor: number;
  /** Limit for the first login with a new secret, milliseconds. */
  readonly verifyFor: number;
}

export interface RotationPorts {
  readonly genesys: GenesysPort;
  readonly region: Region;
  readonly stores: readonly Store[];
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  /** What the user should know about this client before its old secret dies, a line each. */
  readonly warnings: (client: OAuthClient) => Promise<readonly string[]>;
}

/** Runs the rotation protocol once. Never throws: what went wrong is in the report. */
export async function rotate(ports: RotationPorts, request: RotationRequest): Promise<RotationReport> {
  return new Rotation(ports, request).run();
}

/** One run of the protocol; its fields are what is known so far, so that a fault at any point can say so. */
class Rotation {
  readonly #ports: RotationPorts;
  readonly #request: RotationRequest;
  #secret: SecretState = "not changed";
  #client: OAuthClient | undefined;
  #reason: string | undefined;
  #reports: readonly StoreReport[];

  constructor(ports: RotationPorts, request: RotationRequest) {
    this.#ports = ports;
    this.#request = request;
    this.#reports = ports.stores.map((store) => ({ uri: store.uri.text, holds: "untouched" }));
  }

  async run(): Promise<RotationReport> {
    const { genesys, stores } = this.#ports;
    try {
      const outcome = await this.#protocol();
      return this.#report(outcome);
    } catch (error) {
      const known =
        error instanceof GenesysSecretError
          ? error
          : new DefectError(`A defect of this program: ${describeDefect(error)}.`, {
              code: "ERR_DEFECT",
              secret: this.#secret,
              remedy: "Run again, which heals; and please report this.",
            });
      return this.#report("failed", known);
    } finally {
      genesys.ignoreInterrupts();
      await Promise.all([genesys.signOut(), ...stores.map((store) => store.release())]);
    }
  }

  async #protocol(): Promise<RotationReport["outcome"]> {
    const { genesys, interrupts, stores, progress } = this.#ports;
    const client = await interrupts.guard(this.#find());
    const [{ plan, holdings }, warnings] = await interrupts.guard(
      Promise.all([this.#prepare(client), this.#ports.warnings(client)]),
    );
    for (const line of warnings) progress.warn(line);
    this.#reason = plan.reason;
    if (this.#request.dryRun) {
      progress.info(
        plan.action === "copy"
          ? `Would copy the working secret: ${plan.reason}`
          : `Would regenerate: ${plan.reason}`,
      );
      return plan.action === "copy" ? "would copy" : "would regenerate";
    }

    interrupts.enterCriticalSection();
    genesys.ignoreInterrupts();
    if (plan.action === "copy") {
      await this.#copy(client, plan, holdings);
      return "copied";
    }
    progress.info(`Regenerating the secret: ${plan.reason}`);
    this.#secret = "perhaps changed";
    const secret = await this.#regenerate(client);
    this.#secret = "changed";
    progress.info("Regenerated; the old secret is dead. Storing the new one");
    const document = this.#document(client, secret);
    await this.#storeAndVerify(client, document, stores);
    return "regenerated";
  }

  async #find(): Promise<OAuthClient> {
    const { genesys, progress, region } = this.#ports;
    progress.info(`Signing in to Genesys Cloud ${region.name}`);
    const adminClientId = await genesys.signIn();
    const client = await genesys.findClient();
    this.#client = client;
    assertRotatable(client, adminClientId);
    progress.info(`Found the client ${quote(client.name)} (${client.id}), ${client.authorizedGrantType}`);
    return client;
  }

  async #prepare(client: OAuthClient): Promise<{ plan: Plan; holdings: readonly Found[] }> {
    const { stores, progress } = this.#ports;
    // In the same order in every run, or two runs with two locks each would wait for each other.
    for (const store of [...stores].sort((one, other) => (one.uri.text < other.uri.text ? -1 : 1))) {
      await store.prepare(this.#request.dryRun);
      progress.info(`Ready: ${store.uri.text}`);
    }
    const holdings = await Promise.all(
      stores.map(async (store): Promise<Found> => {
        const document =
          (await this.#adoptStaged(client, store)) ?? (await readOrNotReady(store, () => store.read()));
        return { uri: store.uri.text, readable: store.readable, document };
      }),
    );
    const wanted = {
      clientId: client.id,
      rotation: this.#request.rotation,
      stores: stores.map((store) => store.uri.text),
    };
    const plan = planRotation(wanted, holdings);
    if (plan.action === "regenerate") return { plan, holdings };
    const dead = await this.#whyDead(client, plan.document);
    return {
      plan:
        dead === undefined
          ? plan
          : { action: "regenerate", reason: `the stored secret does not log in (${dead})` },
      holdings,
    };
  }

  /**
   * What a run that broke off left staged may be the only secret that lives: then it is made current before anything
   * else is tried. A dead one is cleaned up by the next write.
   */
  async #adoptStaged(client: OAuthClient, store: Store): Promise<StoredDocument | undefined> {
    const staged = await readOrNotReady(store, async () => store.readStaged?.());
    if (staged?.clientId !== client.id || (await this.#whyDead(client, staged)) !== undefined)
      return undefined;
    if (!this.#request.dryRun) {
      await readOrNotReady(store, async () => store.promote?.());
      this.#ports.progress.info(
        `${store.uri.text}: a run that broke off had staged a secret that lives; it is current now`,
      );
    }
    return staged;
  }

  /** Why a stored secret is not worth copying; a login service out of reach proves nothing and stops the run. */
  async #whyDead(client: OAuthClient, document: StoredDocument): Promise<string | undefined> {
    const { genesys } = this.#ports;
    const login = await genesys.logIn(credentials(client, document), this.#request.retryFor);
    if (login.kind === "refused") return login.reason;
    if (login.kind === "accepted") {
      if (login.token) await genesys.revoke(login.token);
      return undefined;
    }
    throw new StoreNotReadyError(
      `It cannot be told whether the stored secret works: ${describeFailure(login.failure)}.`,
      "Run again when the login service answers.",
    );
  }

  async #regenerate(client: OAuthClient): ReturnType<GenesysPort["regenerate"]> {
    try {
      return await this.#ports.genesys.regenerate(client);
    } catch (error) {
      if (error instanceof GenesysSecretError) this.#secret = error.secret;
      if (this.#secret !== "not changed")
        this.#reports = this.#ports.stores.map(({ uri }) => ({ uri: uri.text, holds: "not written" }));
      throw error;
    }
  }

  /** New stores first, the source's own list of stores last: a copy that is cut short is a copy again next time. */
  async #copy(
    client: OAuthClient,
    plan: Plan & { action: "copy" },
    holdings: readonly Found[],
  ): Promise<void> {
    const { progress, stores } = this.#ports;
    const document = { ...plan.document, stores: stores.map((store) => store.uri.text) };
    progress.info(
      `No rotation: ${plan.reason}; the stored secret works${plan.into.length ? " and is copied" : ""}`,
    );
    const lacking = stores.filter((store) => plan.into.includes(store.uri.text));
    const holding = stores.filter((store) =>
      holdings.some(({ uri, document: held }) => uri === store.uri.text && held),
    );
    await this.#storeAndVerify(client, document, lacking);
    const done = this.#reports;
    await this.#storeAndVerify(
      client,
      document,
      holding.filter((store) => !lacking.includes(store)),
    );
    this.#reports = merge(done, this.#reports);
  }

  async #storeAndVerify(
    client: OAuthClient,
    document: StoredDocument,
    into: readonly Store[],
  ): Promise<void> {
    const { genesys, interrupts, progress } = this.#ports;
    if (into.length === 0) return;
    const { retryFor, verifyFor } = this.#request;
    const grant = client.authorizedGrantType;
    const { reports, refused } = await distribute(document, into, {
      genesys,
      progress,
      grant,
      retryFor,
      verifyFor,
    });
    this.#reports = merge(this.#reports, reports);
    this.#throwUnlessStored(refused);
    if (interrupts.received) {
      throw new InterruptedError(
        interrupts.received,
        "Interrupted; the work was finished first: the secret is stored and logs in.",
        {
          secret: this.#secret,
          remedy: "Nothing has to be done. Under Terraform the next apply runs this once more.",
        },
      );
    }
    progress.info("Read back and logged in: it works");
  }

  #throwUnlessStored(refused: string | undefined): void {
    const missing = this.#reports.filter(({ holds }) => holds === "not written");
    if (missing.length > 0 && this.#secret === "not changed") {
      throw new StoreNotReadyError(
        `The working secret could not be copied into ${missing.map(({ uri, reason }) => `${uri} (${reason})`).join(", ")}.`,
        "Mend the store, then run again; the other stores still hold the live secret.",
      );
    }
    if (missing.length > 0) {
      throw new NotStoredError(`${missing.length} of ${this.#reports.length} stores could not be written.`, {
        code: "ERR_NOT_STORED",
        secret: this.#secret,
        remedy: "Mend the stores listed as not written, then run again: that heals all of them.",
      });
    }
    const unverified = this.#reports.find(({ holds }) => holds === "unverified" || holds === "another run's");
    const why = unverified?.reason ?? refused;
    if (why === undefined) return;
    if (this.#secret === "not changed") {
      throw new StoreNotReadyError(
        `The working secret was copied, and does not log in any more: ${why}.`,
        "If another run was later, its secret counts. Otherwise run again in a minute.",
      );
    }
    throw new NotVerifiedError(`The secret is stored, but it does not log in: ${why}.`, {
      code: "ERR_NOT_VERIFIED",
      secret: this.#secret,
      remedy: "If another run was later, its secret counts. Otherwise run again in a minute.",
    });
  }

  #document(client: OAuthClient, clientSecret: StoredDocument["clientSecret"]): StoredDocument {
    return {
      clientId: client.id,
      clientSecret,
      region: this.#ports.region.name,
      regeneratedAt: new Date().toISOString(),
      rotation: this.#request.rotation,
      stores: this.#ports.stores.map((store) => store.uri.text),
    };
  }

  #report(outcome: RotationReport["outcome"], error?: GenesysSecretError): RotationReport {
    return {
      outcome,
      secret: this.#secret,
      client: this.#client,
      reason: this.#reason,
      stores: this.#reports,
      error,
    };
  }
}

/** Before the irreversible call a fault of a store ends the run. */
async function readOrNotReady<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const message = `The store ${store.uri.text} is not ready: ${error.message}.`;
    throw new StoreNotReadyError(message, "Make it readable, then run again.");
  }
}

function credentials(client: OAuthClient, document: StoredDocument): Parameters<GenesysPort["logIn"]>[0] {
  return { clientId: client.id, secret: document.clientSecret, grant: client.authorizedGrantType };
}

/** The newer report of each store. */
function merge(older: readonly StoreReport[], newer: readonly StoreReport[]): readonly StoreReport[] {
  return older.map(
    (report) => newer.find(({ uri, holds }) => uri === report.uri && holds !== "untouched") ?? report,
  );
}
