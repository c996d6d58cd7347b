import { asKnown } from "../core/defect";
import { GenesysSecretError, InterruptedError, NotVerifiedError, type SecretState } from "../core/errors";
import { quote } from "../core/printable";
import type { Progress } from "../core/progress";
import type { Region } from "../core/regions";
import type { Verification } from "../core/verification";
import type { OAuthClient } from "../genesys/answers";
import type { GenesysPort, LoginPort } from "../genesys/genesys-port";
import { NO_LOGINS, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";
import type { OpenedStore } from "../stores/store";
import { distribute } from "./distribute";
import type { TakeOver } from "./foreign-documents";
import { isSameDocument, ownerIn } from "./holdings";
import type { Interrupts } from "./interrupts";
import { fails, howNot, remedyOf, verifyLogin, whyNot } from "./login-check";
import type { Plan } from "./plan";
import { type Prepared, prepare } from "./prepare";
import { notTried, rehearse, STAND_IN } from "./rehearsal";
import type { RotationReport, StoreReport } from "./report";
import { assertRotatable } from "./rotatable";
import { assertStored, merge } from "./stored";

export interface RotationRequest {
  /** Rotation id; null when none was given. */
  readonly rotation: string | null;
  /** For twins: whether a rotation id that is done is to be done again. @default false */
  readonly again?: boolean;
  readonly dryRun: boolean;
  /** Of a dry run: whether the writes are rehearsed all the same. @default false */
  readonly rehearse?: boolean;
  /** Regenerates whatever the stores hold, and still notes the rotation id. @default false */
  readonly force?: boolean;
  /** Notes the rotation id as done outside Terraform, which then does not do it again. @default false */
  readonly outside?: boolean;
  /** The construct that this run is for. @default - the owner that the client's document names stays */
  readonly owner?: string;
  /** Whose documents may be replaced. */
  readonly takeOver: TakeOver;
  /** Where the secret is verified. @default - here, and that this machine may not log in is a warning */
  readonly verification?: Verification;
  /** Limit for each phase's retries, milliseconds. */
  readonly retryFor: number;
  /** Limit for the first login with a new secret, milliseconds. */
  readonly verifyFor: number;
}

export interface RotationPorts {
  readonly genesys: GenesysPort;
  readonly region: Region;
  readonly stores: readonly OpenedStore[];
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
  /** The client; of twins the one that is to be in use after this run. */
  #client: OAuthClient | undefined;
  /** Of twins the other one. */
  #idle: OAuthClient | undefined;
  #reason: string | undefined;
  /** The rotation id that a new document gets. */
  #noted: string | null;
  /** The owner that a new document gets. */
  #owner: string | undefined;
  #reports: readonly StoreReport[];
  /** What a login with the secret said that the stores hold. */
  #login: Verdict | undefined;
  /** Settles when no store is being prepared any more. */
  #prepared: Promise<unknown> = Promise.resolve();

  constructor(ports: RotationPorts, request: RotationRequest) {
    this.#ports = ports;
    this.#request = request;
    this.#noted = request.rotation;
    this.#owner = request.owner;
    this.#reports = ports.stores.map((store) => ({ uri: store.uri.text, holds: "untouched" }));
  }

  async run(): Promise<RotationReport> {
    const { genesys, stores } = this.#ports;
    try {
      const outcome = await this.#protocol();
      return this.#report(outcome);
    } catch (error) {
      const remedy = "Run again; and please report this.";
      return this.#report("failed", asKnown(error, { remedy, secret: this.#secret }));
    } finally {
      // What an interrupted preparation is still taking is given back, too.
      await this.#prepared;
      genesys.ignoreInterrupts();
      await Promise.all([genesys.signOut(), ...stores.map((store) => store.release())]);
    }
  }

  async #protocol(): Promise<RotationReport["outcome"]> {
    const { genesys, interrupts, stores, progress } = this.#ports;
    const clients = await interrupts.guard(this.#find());
    const preparation = this.#prepare(clients);
    this.#prepared = preparation.catch(() => {});
    const [{ plan, holdings, noted, login }, warnings] = await interrupts.guard(
      Promise.all([preparation, Promise.all(clients.map(this.#ports.warnings))]),
    );
    for (const line of warnings.flat()) progress.warn(line);
    this.#reason = plan.reason;
    this.#noted = noted;
    this.#owner ??= ownerIn(
      holdings,
      clients.map(({ id }) => id),
    );
    const chosen = plan.action === "copy" ? plan.document.clientId : plan.clientId;
    const client = clients.find(({ id }) => id === chosen) as OAuthClient;
    this.#client = client;
    this.#idle = clients.find((other) => other !== client);
    const { dryRun, rehearse: tries = false } = this.#request;
    const isRehearsed = dryRun ? tries : plan.action === "regenerate";
    if (isRehearsed)
      await interrupts.guard(
        rehearse(this.#writtenBy(plan, holdings), this.#rehearsed(plan), interrupts.signal),
      );
    if (dryRun) {
      this.#reports = this.#reports.map((report, index) => ({
        ...report,
        notTried: notTried(stores[index] as OpenedStore, isRehearsed),
      }));
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
      this.#login = login;
      await this.#copy(client, plan, holdings);
      this.#warnOfDoubt();
      return "copied";
    }
    const which = this.#idle ? `the secret of ${quote(client.name)}, the idle one` : "the secret";
    progress.info(`Regenerating ${which}: ${plan.reason}`);
    this.#secret = "perhaps changed";
    const secret = await this.#regenerate(client);
    this.#secret = "changed";
    const document = this.#document(client, secret);
    if (this.#idle) await this.#proveBeforeItIsShown(client, document);
    else progress.info("Regenerated; the old secret is invalid. Storing the new one");
    await this.#storeAndVerify(client, document, stores);
    this.#warnOfDoubt();
    return "regenerated";
  }

  /** That no login is tried was asked for; everybody else hears that nobody has seen one. */
  #warnOfDoubt(): void {
    const login = this.#login;
    if (login?.secret === "unknown" && login.because !== "not tried")
      this.#ports.progress.warn(`The secret is stored, and was not seen to log in: ${whyNot(login)}`);
  }

  /** Where secrets are tried. */
  get #logins(): LoginPort {
    return this.#request.verification === "elsewhere" ? NO_LOGINS : this.#ports.genesys;
  }

  async #find(): Promise<readonly OAuthClient[]> {
    const { genesys, progress, region } = this.#ports;
    progress.info(`Signing in to Genesys Cloud ${region.name}`);
    const adminClientId = await genesys.signIn();
    const clients = await genesys.findClients();
    for (const client of clients) {
      this.#client = client;
      assertRotatable(client, adminClientId);
      progress.info(`Found the client ${quote(client.name)} (${client.id}), ${client.authorizedGrantType}`);
    }
    return clients;
  }

  #prepare(clients: readonly OAuthClient[]): Promise<Prepared> {
    const { genesys, stores, interrupts, progress } = this.#ports;
    const { signal } = interrupts;
    const region = this.#ports.region.name;
    const lookUp = genesys.lookUp.bind(genesys);
    const around = { genesys: this.#logins, progress, signal, region, lookUp };
    return prepare({ clients, stores, ...around, ...this.#request });
  }

  /** What the run is about to write, of the size and with the fields that it will have. */
  #rehearsed(plan: Plan): StoredDocument {
    const uris = this.#ports.stores.map((store) => store.uri.text);
    return plan.action === "copy"
      ? { ...plan.document, stores: uris, owner: this.#owner }
      : this.#document(this.#client as OAuthClient, STAND_IN);
  }

  #writtenBy(plan: Plan, holdings: Prepared["holdings"]): readonly OpenedStore[] {
    const { stores } = this.#ports;
    if (plan.action === "regenerate") return stores;
    const document = this.#rehearsed(plan);
    return stores.filter(({ uri }) => {
      const held = holdings.find((one) => one.uri === uri.text)?.document;
      return plan.into.includes(uri.text) || (held && !isSameDocument(held, document));
    });
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

  /**
   * Of twins nobody waits for the new secret, and whoever reads it once a store shows it shall be let in: it is seen
   * to log in first. Should it be lost by that, the next run regenerates the idle one again.
   */
  async #proveBeforeItIsShown(client: OAuthClient, document: StoredDocument): Promise<void> {
    const { progress } = this.#ports;
    if (this.#request.verification === "elsewhere") return;
    progress.info("Regenerated; logging in with the new secret before a store shows it");
    const who = { clientId: client.id, secret: document.clientSecret, grant: client.authorizedGrantType };
    const login = await verifyLogin(this.#logins, who, this.#request.verifyFor, progress);
    if (login.secret === "valid") return;
    this.#login = login;
    throw new NotVerifiedError(
      `The idle client's new secret ${howNot(login)}: ${whyNot(login)}. The stores still show the other client, which works.`,
      { code: "ERR_NOT_VERIFIED", secret: this.#secret, remedy: remedyOf(login) },
    );
  }

  /** New stores first, the source's own list of stores last: a copy that is cut short is a copy again next time. */
  async #copy(
    client: OAuthClient,
    plan: Plan & { action: "copy" },
    holdings: Prepared["holdings"],
  ): Promise<void> {
    const { progress, stores } = this.#ports;
    const uris = stores.map((store) => store.uri.text);
    const document = { ...plan.document, stores: uris, owner: this.#owner };
    const isValid = this.#login?.secret === "valid";
    progress.info(
      `No rotation: ${plan.reason}; the stored secret ${isValid ? "works" : "may be valid"}${plan.into.length ? " and is copied" : ""}`,
    );
    const lacking = stores.filter(({ uri }) => plan.into.includes(uri.text));
    const holding = holdings.flatMap(({ uri, document: held }) =>
      held && !plan.into.includes(uri) ? [{ uri, isNew: !isSameDocument(held, document) }] : [],
    );
    // What was read with this very document needs no write: its secret was tried before.
    this.#reports = merge(
      this.#reports,
      holding.map(({ uri }) => ({ uri, holds: isValid ? "verified" : "unverified" })),
    );
    await this.#storeAndVerify(client, document, lacking);
    await this.#storeAndVerify(
      client,
      document,
      stores.filter(({ uri }) => holding.some((one) => one.uri === uri.text && one.isNew)),
    );
  }

  async #storeAndVerify(
    client: OAuthClient,
    document: StoredDocument,
    into: readonly OpenedStore[],
  ): Promise<void> {
    const { interrupts, progress } = this.#ports;
    if (into.length === 0) return;
    const { retryFor, verifyFor, verification } = this.#request;
    const grant = client.authorizedGrantType;
    const { reports, login } = await distribute(document, into, {
      genesys: this.#logins,
      progress,
      grant,
      verification,
      retryFor,
      verifyFor,
    });
    this.#login = login;
    this.#reports = merge(this.#reports, reports);
    const isValid = login.secret === "valid";
    const refused = login.secret !== "valid" && fails(login, verification) ? login : undefined;
    assertStored(this.#reports, this.#secret, refused, this.#idle !== undefined);
    if (interrupts.received) {
      throw new InterruptedError(
        interrupts.received,
        `Interrupted; the work was finished first: the secret is stored${isValid ? " and logs in" : ""}.`,
        {
          secret: this.#secret,
          remedy: "Nothing has to be done. Under Terraform the next apply runs this once more.",
        },
      );
    }
    if (!isValid) return;
    const readBack = reports.some(({ holds }) => holds === "verified");
    progress.info(`${readBack ? "Read back and logged" : "Logged"} in: it works`);
  }

  #document(client: OAuthClient, clientSecret: StoredDocument["clientSecret"]): StoredDocument {
    return {
      clientId: client.id,
      clientSecret,
      region: this.#ports.region.name,
      regeneratedAt: new Date().toISOString(),
      rotation: this.#noted,
      stores: this.#ports.stores.map((store) => store.uri.text),
      owner: this.#owner,
    };
  }

  #report(outcome: RotationReport["outcome"], error?: GenesysSecretError): RotationReport {
    return {
      outcome,
      secret: this.#secret,
      client: this.#client,
      idle: this.#idle,
      reason: this.#reason,
      stores: this.#reports,
      ...this.#verified(error),
      error,
    };
  }

  /** What the report says of logins; nothing where nothing was stored. */
  #verified(error?: GenesysSecretError): Pick<RotationReport, "verified" | "unverified"> {
    const login = this.#login;
    if (!login) return error instanceof NotVerifiedError ? { verified: false } : {};
    if (login.secret === "valid") return { verified: !(error instanceof NotVerifiedError) };
    return { verified: false, unverified: whyNot(login) };
  }
}
