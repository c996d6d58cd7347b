import { runProgram } from "../helpers/program";
import { CERTIFICATES, type Certificates } from "../helpers/tls/certificates";
import { Network, type ProxyKind } from "../helpers/tls/network";
import type { TlsCell } from "../helpers/tls/tls-cell";

/** Proxied, it may be any; directly, it must be this machine's. */
const HOSTS = { proxied: "10.11.12.13", direct: "127.0.0.1" } as const;
const CLIENT = "33333333-3333-4333-8333-333333333333";

const WAYS: readonly (readonly [title: string, proxy: ProxyKind | undefined])[] = [
  ["direct", undefined],
  ["HTTPS_PROXY=http://…", "http"],
  ["HTTPS_PROXY=https://…", "https"],
];

interface Run {
  readonly target: string;
  readonly args: readonly string[];
  environment(host: string, port: number): Record<string, string>;
}

const RUNS: readonly Run[] = [
  {
    target: "the program as it ships, a gateway by IPv4 address",
    args: ["regenerate", "--dry-run", "--client-id", CLIENT, "--store", "file:./orders.json"],
    environment: (host, port) => ({
      GENESYSCLOUD_GATEWAY_HOST: host,
      GENESYSCLOUD_GATEWAY_PORT: String(port),
      GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "admin-secret",
    }),
  },
  {
    target: "the program as it ships, vault: by IPv4 address",
    args: ["doctor", "--store", "vault:secret/orders"],
    environment: (host, port) => ({ VAULT_ADDR: `https://${host}:${port}`, VAULT_TOKEN: "hvs.token" }),
  },
];

/** Makes the certificates that `programCells` needs. */
export function programCertificates(certificates: Certificates): void {
  for (const host of ["localhost", ...Object.values(HOSTS)]) certificates.of("for the host", host);
}

/** Tries the bundle, a process of its own for each cell, with nothing but its environment to tell it where it is. */
export async function programCells(certificates: Certificates, folder: string): Promise<readonly TlsCell[]> {
  const network = await Network.open(certificates, "localhost");
  const cells: TlsCell[] = [];
  try {
    for (const [way, proxy] of WAYS)
      for (const run of RUNS)
        for (const certificate of CERTIFICATES) {
          const host = proxy ? HOSTS.proxied : HOSTS.direct;
          const witness = await network.put(host, certificates.of(certificate, host));
          const { stdout, stderr } = await runProgram(
            run.args,
            {
              HOME: folder,
              NODE_EXTRA_CA_CERTS: certificates.authorities,
              ...run.environment(host, witness.port),
              ...(proxy && { HTTPS_PROXY: network.proxy(proxy, "localhost").origin }),
            },
            folder,
          );
          await network.clear();
          cells.push({
            way,
            target: run.target,
            certificate,
            outcome: witness.outcome,
            said: stdout + stderr,
          });
        }
    return cells;
  } finally {
    await network.close();
  }
}
