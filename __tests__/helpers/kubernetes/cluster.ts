import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../certificate";
import { HttpGate } from "../http-gate";
import { type Account, ApiServer } from "./api-server";

/** A cluster on this machine: the API server behind a gate, and kubeconfigs that lead there. */
export class Cluster {
  readonly api: ApiServer;
  readonly gate: HttpGate;
  readonly account: Account;
  readonly #folder: string;
  readonly #others: HttpGate[] = [];

  /** @param folder where kubeconfigs are written */
  static async start(folder: string): Promise<Cluster> {
    const api = new ApiServer();
    return new Cluster(api, await HttpGate.open(api.listener), folder);
  }

  private constructor(api: ApiServer, gate: HttpGate, folder: string) {
    this.api = api;
    this.gate = gate;
    this.#folder = folder;
    this.account = {
      name: "system:serviceaccount:default:rotator",
      token: randomBytes(32).toString("base64url"),
      verbs: ["get", "create", "patch", "delete"],
    };
    api.accounts.push(this.account);
  }

  /** Serves the cluster with this certificate, too. @returns its origin */
  async serveTls(certificate: Certificate): Promise<string> {
    const gate = await HttpGate.open(this.api.listener, certificate);
    this.#others.push(gate);
    return gate.origin;
  }

  /** Writes a kubeconfig. @returns its path */
  kubeconfig(name: string, user: object = { token: this.account.token }, cluster: object = {}): string {
    const path = join(this.#folder, name);
    writeFileSync(
      path,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "local", cluster: { server: this.gate.origin, ...cluster } }],
        users: [{ name: "rotator", user }],
        contexts: [{ name: "local", context: { cluster: "local", user: "rotator" } }],
        "current-context": "local",
      }),
    );
    return path;
  }

  async close(): Promise<void> {
    await Promise.all([this.gate, ...this.#others].map((gate) => gate.stop()));
  }
}
