import { readFile } from "node:fs/promises";
import { agreeing, type Environment } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { TOKEN } from "../../core/patterns";
import { printable } from "../../core/printable";
import { readBase } from "../../http/json-http";

/** How to reach the server; OpenBao's own names of the variables are understood, too. */
export interface VaultServer {
  readonly base: string;
  readonly namespace?: string;
  /** PEM. */
  readonly ca?: string;
  readonly skipVerify: boolean;
}

const TRUE = /^(1|t|true)$/i;
const FALSE = /^(0|f|false)$/i;

/** A variable under Vault's prefix or OpenBao's. @throws {UsageError} when both are set and disagree */
export function vaultVariable(environment: Environment, name: string): string | undefined {
  return agreeing(environment, [`VAULT_${name}`, `BAO_${name}`], (value) => value);
}

/**
 * @throws {StoreFault} when the address is missing or malformed, or the certificate of the authority cannot be read
 * @throws {UsageError} when two variables disagree
 */
export async function readServer(environment: Environment): Promise<VaultServer> {
  const address = vaultVariable(environment, "ADDR");
  if (address === undefined)
    throw new StoreFault("VAULT_ADDR is not set, such as https://vault.example:8200");
  return {
    base: readBase("VAULT_ADDR", address),
    namespace: readNamespace(environment),
    ca: await readAuthority(environment),
    skipVerify: readSkipVerify(environment),
  };
}

function readNamespace(environment: Environment): string | undefined {
  const namespace = vaultVariable(environment, "NAMESPACE");
  if (namespace !== undefined && !TOKEN.test(namespace))
    throw new StoreFault("VAULT_NAMESPACE holds a space or another character that no namespace has");
  return namespace;
}

async function readAuthority(environment: Environment): Promise<string | undefined> {
  const file = vaultVariable(environment, "CACERT");
  if (file === undefined) return undefined;
  const pem = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new StoreFault(`VAULT_CACERT names "${printable(file)}", which cannot be read (${error.code})`);
  });
  if (!pem.includes("-----BEGIN CERTIFICATE-----"))
    throw new StoreFault(`VAULT_CACERT names "${printable(file)}", which holds no certificate (PEM)`);
  return pem;
}

function readSkipVerify(environment: Environment): boolean {
  const text = vaultVariable(environment, "SKIP_VERIFY");
  if (text === undefined || FALSE.test(text)) return false;
  if (TRUE.test(text)) return true;
  throw new StoreFault(`VAULT_SKIP_VERIFY must be true or false, it is "${printable(text)}"`);
}
