import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import type { Environment } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { JsonServer } from "../../http/json-http";
import { vaultFlag, vaultName, vaultVariable } from "./variables";

type Tls = NonNullable<JsonServer["tls"]>;

const CERTIFICATE = "-----BEGIN CERTIFICATE-----";

/**
 * Whom to trust, and who we are.
 * @throws {StoreFault} when a file cannot be read, or holds something else
 */
export async function readTls(environment: Environment): Promise<Tls & { skipVerify: boolean }> {
  const certificateAuthority = await readAuthorities(environment);
  const serverName = vaultVariable(environment, "TLS_SERVER_NAME");
  return {
    ...(certificateAuthority && { certificateAuthority }),
    ...(serverName && { serverName }),
    ...(await readClientCertificate(environment)),
    skipVerify: vaultFlag(environment, "SKIP_VERIFY"),
  };
}

/** The authorities to trust in place of the system's: those of a file, else given here, else of a folder. */
async function readAuthorities(environment: Environment): Promise<string | string[] | undefined> {
  const [file, bytes, folder] = ["CACERT", "CACERT_BYTES", "CAPATH"].map((name) =>
    vaultVariable(environment, name),
  );
  if (file !== undefined) {
    const pem = await read(vaultName(environment, "CACERT"), file);
    if (pem.includes(CERTIFICATE)) return pem;
    throw none(`${vaultName(environment, "CACERT")} names "${printable(file)}", which`);
  }
  if (bytes !== undefined) {
    if (bytes.includes(CERTIFICATE)) return bytes;
    throw none(vaultName(environment, "CACERT_BYTES"));
  }
  return folder === undefined ? undefined : authoritiesIn(vaultName(environment, "CAPATH"), folder);
}

/** Every certificate in a folder and in those below it. Other files lie there, too: hashes, a README. */
async function authoritiesIn(name: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, folder, error);
  });
  const found: string[] = [];
  for (const entry of entries.sort()) {
    const pem = await readFile(join(folder, entry), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EISDIR") return "";
      throw unreadable(name, join(folder, entry), error);
    });
    if (pem.includes(CERTIFICATE)) found.push(pem);
  }
  if (found.length === 0) throw none(`${name} names "${printable(folder)}", which`);
  return found;
}

/** Our own certificate with its key, for a server that asks for one. */
async function readClientCertificate(environment: Environment): Promise<Pick<Tls, "certificate" | "key">> {
  const [certificateFile, keyFile] = ["CLIENT_CERT", "CLIENT_KEY"].map((name) =>
    vaultVariable(environment, name),
  );
  const [certificateName, keyName] = ["CLIENT_CERT", "CLIENT_KEY"].map((name) =>
    vaultName(environment, name),
  ) as [string, string];
  if (certificateFile === undefined && keyFile === undefined) return {};
  if (certificateFile === undefined || keyFile === undefined)
    throw new StoreFault(`${certificateName} and ${keyName} go together, and one of them is not set`);
  const certificate = await read(certificateName, certificateFile);
  const key = await read(keyName, keyFile);
  try {
    createSecureContext({ cert: certificate, key });
  } catch {
    throw new StoreFault(
      `${certificateName} and ${keyName} must name a certificate and its own key (PEM), the key without a passphrase`,
    );
  }
  return { certificate, key };
}

function read(name: string, file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw unreadable(name, file, error);
  });
}

function unreadable(name: string, file: string, { code }: NodeJS.ErrnoException): StoreFault {
  return new StoreFault(`${name} names "${printable(file)}", which cannot be read (${code})`);
}

function none(where: string): StoreFault {
  return new StoreFault(`${where} holds no certificate (PEM)`);
}
