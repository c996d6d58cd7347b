import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerProcess } from "../helpers/tls/caller-process";
import { CERTIFICATES, Certificates, PROXY_HOST } from "../helpers/tls/certificates";
import { Network } from "../helpers/tls/network";
import { TargetFiles } from "../helpers/tls/target-files";
import { type Target, targets } from "../helpers/tls/targets";
import type { TlsCell } from "../helpers/tls/tls-cell";
import { WAYS } from "../helpers/tls/ways";
import { programCells, programCertificates } from "./program-cells";

/** Tries every certificate in every way to every service. */
export async function tlsMatrix(): Promise<readonly TlsCell[]> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-tls-"));
  try {
    const certificates = new Certificates(folder);
    const all = targets(new TargetFiles(folder));
    programCertificates(certificates);
    for (const host of [PROXY_HOST, ...all.map(({ host }) => host)])
      for (const kind of CERTIFICATES) certificates.of(kind, host);
    // Google's library waits before it tries again, so that it goes beside the others.
    const isGoogle = ({ name }: Target): boolean => name.startsWith("gcp-");
    const cells = await Promise.all([
      targetCells(
        certificates,
        folder,
        all.filter((target) => !isGoogle(target)),
      ),
      targetCells(certificates, folder, all.filter(isGoogle)),
      programCells(certificates, folder),
    ]);
    const order = WAYS.map(({ title }) => title);
    return cells.flat().sort((one, other) => order.indexOf(one.way) - order.indexOf(other.way));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function targetCells(
  certificates: Certificates,
  folder: string,
  tried: readonly Target[],
): Promise<readonly TlsCell[]> {
  const network = await Network.open(certificates);
  const caller = await CallerProcess.start(certificates.authorities);
  const cells: TlsCell[] = [];
  try {
    for (const way of WAYS)
      for (const target of tried.filter(way.goes))
        for (const certificate of CERTIFICATES) {
          for (const host of target.alsoAsked ?? []) await network.put(host);
          const witness = await network.put(target.host, certificates.of(certificate, target.host));
          const environment = { HOME: folder, ...way.environment(target, network) };
          const { said } = await caller.make({ environment, ports: network.ports, to: target.to });
          await network.clear();
          cells.push({ way: way.title, target: target.name, certificate, outcome: witness.outcome, said });
        }
    return cells;
  } finally {
    await caller.end();
    await network.close();
  }
}
