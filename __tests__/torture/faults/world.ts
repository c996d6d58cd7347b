import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Denial, type Sandbox, startSandbox } from "../../../sandbox/org";
import type { Certificate } from "../../helpers/certificate";
import { SmallDisk } from "../disk";
import { Gate } from "../gate";
import { type Clock, type Control, writeControl } from "../program";
import { type CommandStore, commandStore } from "../stores/command";
import { githubStore, gitlabStore } from "../stores/continuous-integration";
import { fileStore } from "../stores/file";
import { genesysCredentialStore } from "../stores/genesys-credential";
import { kubernetesStore } from "../stores/kubernetes";
import type { StoreKind, TortureStore } from "../stores/torture-store";
import { vaultStore } from "../stores/vault";
import type { Schedule } from "./schedule";

/** Made once for many schedules. */
export interface Props {
  /** One that the program is told to trust. */
  readonly certificate: Certificate;
  /** One that nobody trusts. */
  readonly stranger: Certificate;
}

/** An org, the stores of one schedule, and a folder: all that a run of the program can touch. */
export class World {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly gate: Gate;
  readonly client: { readonly id: string; readonly secret: string };
  readonly stores: readonly TortureStore[];
  readonly props: Props;
  readonly disk: SmallDisk | undefined;
  readonly controlFile: string;
  /** Logins of the client to which the org itself has answered that its secret is right, or wrong. */
  #judgedLogins = 0;
  /** How many there had been when each of the regenerate calls arrived. */
  readonly judgedAtCalls: number[] = [];
  #deniesLogins = false;
  #stranger: string | undefined;
  #control: Control = {};

  static async open(schedule: Schedule, props: Props): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "genesys-torture-"));
    for (const name of ["home", "credentials", "file", "command"]) mkdirSync(join(folder, name));
    const sandbox = await startSandbox({ loginLagMs: schedule.loginLag });
    const gate = await Gate.open(sandbox.origin, schedule.tls ? props.certificate : undefined);
    const client = sandbox.addClient({ name: "orders", grant: schedule.grant });
    const needsDisk = schedule.troubles.some(
      ({ kind }) => kind === "disk full" || kind === "read-only folder",
    );
    const disk =
      needsDisk && schedule.stores.includes("file") ? new SmallDisk(join(folder, "file")) : undefined;
    const stores: TortureStore[] = [];
    for (const kind of schedule.stores) {
      stores.push(
        await openStore(kind, folder, sandbox, client.id, schedule.tls ? props.certificate : undefined),
      );
    }
    if (schedule.others) for (const store of stores) store.seedOthers?.();
    return new World(folder, sandbox, gate, client, stores, props, disk, schedule.others);
  }

  private constructor(
    folder: string,
    sandbox: Sandbox,
    gate: Gate,
    client: World["client"],
    stores: readonly TortureStore[],
    props: Props,
    disk: SmallDisk | undefined,
    private readonly seeded: boolean,
  ) {
    this.folder = folder;
    this.sandbox = sandbox;
    this.gate = gate;
    this.client = client;
    this.stores = stores;
    this.props = props;
    this.disk = disk;
    this.controlFile = join(folder, "credentials", "control.json");
    this.control({});
    sandbox.onAnswer(({ path, clientId, status }) => {
      const judged = status === 200 || status === 400 || status === 401;
      if (path === "/oauth/token" && clientId === client.id && judged && !this.#deniesLogins)
        this.#judgedLogins += 1;
    });
    sandbox.onRequest(({ path }) => {
      if (path.endsWith("/secret")) this.judgedAtCalls.push(this.#judgedLogins);
    });
  }

  /** The login service denies this machine to all but the admin. */
  denyLogins(denial: Denial | undefined): void {
    const { sandbox } = this;
    this.#deniesLogins = true;
    sandbox.allow({ addresses: [], except: [sandbox.admin.clientId], denial });
  }

  allowLogins(): void {
    this.#deniesLogins = false;
    this.sandbox.allowAll();
  }

  get judgedLogins(): number {
    return this.#judgedLogins;
  }

  /** Another client of the org. */
  get stranger(): string {
    this.#stranger ??= this.sandbox.addClient({ name: "billing" }).id;
    return this.#stranger;
  }

  /** What others have in each store now; undefined where they have put nothing. */
  get others(): readonly (string | undefined)[] {
    return this.stores.map((store) => (this.seeded ? store.others?.() : undefined));
  }

  /** The stores that have a server of their own. */
  get served(): readonly (TortureStore & { readonly gate: Gate })[] {
    return this.stores.filter((store): store is TortureStore & { gate: Gate } => store.gate !== undefined);
  }

  get commandStore(): CommandStore | undefined {
    return this.stores.find((store): store is CommandStore => store.kind === "command");
  }

  /** How many secrets the client has had. */
  get issued(): number {
    return this.sandbox.everySecretEver().filter(({ clientId }) => clientId === this.client.id).length;
  }

  /** Whether what the store holds logs in now. */
  logsIn(store: TortureStore): boolean {
    const secret = store.holds();
    return secret !== undefined && this.sandbox.accepts(this.client.id, secret);
  }

  /** Everything that no output and no file besides the stores may show. */
  get secrets(): readonly string[] {
    return [
      this.sandbox.admin.clientSecret,
      ...this.sandbox.everySecretEver().map(({ secret }) => secret),
      ...this.sandbox.everyTokenEver(),
      ...this.stores.flatMap(({ credentials }) => credentials),
    ];
  }

  /** Makes the program's clock jump, or names unknown, until it is told otherwise. */
  control(change: Control): void {
    this.#control = { ...this.#control, ...change };
    writeControl(this.controlFile, this.#control);
  }

  /** Ends every token that the org has given so far, each as its owner could. */
  async revokeTokens(): Promise<void> {
    for (const token of this.sandbox.everyTokenEver()) {
      const headers = { authorization: `Bearer ${token}` };
      await fetch(`${this.sandbox.origin}/api/v2/tokens/me`, { method: "DELETE", headers });
    }
  }

  /** The tokens that still open the API. */
  async liveTokens(): Promise<number> {
    const asked = this.sandbox.everyTokenEver().map(async (token) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${this.sandbox.origin}/api/v2/tokens/me`, { headers })).status === 200;
    });
    return (await Promise.all(asked)).filter(Boolean).length;
  }

  clock(speed: number, epoch: number): Clock {
    return { speed, epoch, control: this.controlFile };
  }

  async close(): Promise<void> {
    for (const store of this.stores) await store.close();
    await this.gate.close();
    await this.sandbox.close();
    this.disk?.unmount();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function openStore(
  kind: StoreKind,
  folder: string,
  sandbox: Sandbox,
  clientId: string,
  certificate: Certificate | undefined,
): Promise<TortureStore> {
  const site = {
    folder: join(folder, kind === "command" ? "command" : "file"),
    credentialsFolder: join(folder, "credentials"),
  };
  switch (kind) {
    case "file":
      return fileStore(site);
    case "vault":
    case "vault-approle":
      return vaultStore(kind, site, certificate);
    case "kubernetes":
      return kubernetesStore(site);
    case "github-actions":
      return githubStore();
    case "gitlab":
      return gitlabStore();
    case "genesys-credential":
      return genesysCredentialStore(sandbox, clientId);
    case "command":
      return commandStore(site);
  }
}
