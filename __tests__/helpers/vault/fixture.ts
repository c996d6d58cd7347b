import type { Certificate } from "../certificate";
import { HttpGate } from "../http-gate";
import type { StoreFixture } from "../store-conformance";
import type { Kv2Mount } from "./kv2-mount";
import type { Rules } from "./token-book";
import { type AuthMethod, VaultServer } from "./vault-server";

export const DATA_PATH = "secret/data/genesys/orders";
export const ENTRY = "genesys/orders";
/** The policy that the README asks for, to the letter. */
export const POLICY: Rules = { [DATA_PATH]: ["create", "read", "update"] };
const OTHERS = { owner: "team orders", nested: { kept: [1, null, "ü"] } };

/** A Vault with a KV version 2 mount, behind a gate. */
export class VaultFixture implements StoreFixture {
  readonly vault: VaultServer;
  readonly mount: Kv2Mount;
  readonly gate: HttpGate;
  readonly uri: string;
  readonly environment: Record<string, string>;
  #tlsGate: HttpGate | undefined;

  /** @param auth logs in this way. @default - with a token */
  static async open(auth?: AuthMethod, uri = "vault:secret/genesys/orders"): Promise<VaultFixture> {
    const vault = new VaultServer();
    const gate = await HttpGate.open(vault.listener);
    return new VaultFixture(vault, gate, uri, auth);
  }

  private constructor(vault: VaultServer, gate: HttpGate, uri: string, auth: AuthMethod | undefined) {
    this.vault = vault;
    this.gate = gate;
    this.uri = uri;
    this.mount = vault.mountKv2("secret/");
    this.environment = { VAULT_ADDR: gate.origin };
    if (auth) vault.enableAuth(auth.type, auth);
    else this.environment.VAULT_TOKEN = vault.tokens.issue({ rules: POLICY }).id;
  }

  get storeCredentials(): readonly string[] {
    return this.vault.tokens.everyToken;
  }

  get wrongCredentials(): Readonly<Record<string, string>> {
    return { VAULT_TOKEN: "hvs.thisTokenIsOfNobodyAtAll" };
  }

  readSecret(): string | undefined {
    return this.mount.latest(ENTRY)?.client_secret as string | undefined;
  }

  seedOtherFields(): void {
    this.mount.put(ENTRY, OTHERS);
  }

  keptOtherFields(): boolean {
    const { owner, nested } = this.mount.latest(ENTRY) ?? {};
    return JSON.stringify({ owner, nested }) === JSON.stringify(OTHERS);
  }

  deny(): void {
    this.environment.VAULT_TOKEN = this.vault.tokens.issue({ rules: { [DATA_PATH]: ["read"] } }).id;
  }

  stop(): Promise<void> {
    return this.gate.stop();
  }

  restart(): Promise<void> {
    return this.gate.restart();
  }

  redirect(origin: string): void {
    this.gate.redirectTo(origin);
  }

  answerHuge(): void {
    this.gate.answerHuge();
  }

  answerBroken(): void {
    this.gate.answer();
  }

  async serveTls(certificate: Certificate): Promise<Record<string, string>> {
    this.#tlsGate = await HttpGate.open(this.vault.listener, certificate);
    return { VAULT_ADDR: this.#tlsGate.origin };
  }

  async close(): Promise<void> {
    await this.gate.stop();
    await this.#tlsGate?.stop();
  }
}
