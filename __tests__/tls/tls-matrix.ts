import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerProcess } from "../helpers/tls/caller-process";
import { CERTIFICATES, type CertificateKind, Certificates, PROXY_HOST } from "../helpers/tls/certificates";
import { Network, type ProxyKind } from "../helpers/tls/network";
import { TargetFiles } from "../helpers/tls/target-files";
import { type Target, targets } from "../helpers/tls/targets";

/** What became of one connection. */
export interface TlsCell {
  readonly way: string;
  readonly target: string;
  readonly certificate: CertificateKind;
  /** What the server was sent after the handshake decides; "not reached" proves nothing, and is a failure. */
  readonly outcome: "accepted" | "refused" | "not reached";
  /** What the program said. */
  readonly said: string;
}

/** A way to a target. */
interface Way {
  readonly title: string;
  /** The target's variables, and the way's. */
  environment(target: Target, network: Network): Record<string, string>;
  goes(target: Target): boolean;
}

const DIRECT: Way = {
  title: "direct",
  environment: (target) => target.environment(),
  goes: () => true,
};

function byEnvironment(kind: ProxyKind): Way {
  return {
    title: `HTTPS_PROXY, an ${kind}:// proxy`,
    environment: (target, network) => ({ ...target.environment(), HTTPS_PROXY: network.proxy(kind).origin }),
    goes: () => true,
  };
}

function byOwnSetting(kind: ProxyKind): Way {
  return {
    title: `the target's own setting, ${kind === "http" || kind === "https" ? `an ${kind}` : "a socks5h"}:// proxy`,
    environment: (target, network) => target.environment(network.proxy(kind)),
    goes: ({ ownProxies = [] }) => ownProxies.includes(kind),
  };
}

const WAYS: readonly Way[] = [
  DIRECT,
  byEnvironment("http"),
  byEnvironment("https"),
  byOwnSetting("http"),
  byOwnSetting("https"),
  byOwnSetting("socks5h"),
];

/** Tries every certificate in every way to every target. */
export async function tlsMatrix(): Promise<readonly TlsCell[]> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-tls-"));
  const certificates = new Certificates(folder);
  const all = targets(new TargetFiles(folder));
  for (const host of [PROXY_HOST, ...all.map(({ host }) => host)])
    for (const kind of CERTIFICATES) certificates.of(kind, host);
  const network = await Network.open(certificates);
  const caller = await CallerProcess.start(certificates.authorities);
  const cells: TlsCell[] = [];
  try {
    for (const way of WAYS)
      for (const target of all.filter(way.goes))
        for (const certificate of CERTIFICATES) {
          for (const host of target.alsoAsked ?? []) if (host !== target.host) await network.put(host);
          const witness = await network.put(target.host, certificates.of(certificate, target.host));
          const environment = { HOME: folder, ...way.environment(target, network) };
          const { said } = await caller.make({ environment, ports: network.ports, to: target.to });
          await network.clear();
          const outcome =
            witness.received !== "" ? "accepted" : witness.connections > 0 ? "refused" : "not reached";
          cells.push({ way: way.title, target: target.name, certificate, outcome, said });
        }
    return cells;
  } finally {
    await caller.end();
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
