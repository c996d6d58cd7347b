import * as z from "zod/mini";
import { type Environment, variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { TOKEN } from "../../core/patterns";
import { agentOn, agentThrough } from "../../http/connection";
import { type JsonServer, readBase } from "../../http/json-http";
import { readTls } from "./tls";
import { vaultFlag, vaultName, vaultVariable } from "./variables";

/** How to reach the server, as Vault's own command line understands it. */
export interface VaultServer extends Pick<JsonServer, "base" | "tls" | "agent" | "followsOne"> {
  readonly namespace?: string;
  /** Headers of the user's own, for what stands in front of the server. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether an agent is asked, which may add a token of its own. */
  readonly isAgent: boolean;
  /** Whether any certificate is taken. */
  readonly skipVerify: boolean;
}

/** Where the connection to a socket is said to lead: an address, because there is no name to look up. */
const ON_SOCKET = "http://127.0.0.1";
/** What Vault's command line knows and a run has no use for, each with the reason. */
const UNUSABLE = {
  MFA: "a one-time code is good for one request, and a run makes several",
  WRAP_TTL: "a wrapped answer shows no document, and the secret must be read back",
} as const;

/**
 * @throws {StoreFault} when the address is missing or malformed, a file cannot be read, or a variable cannot be honoured
 * @throws {UsageError} when two variables disagree
 */
export async function readServer(environment: Environment): Promise<VaultServer> {
  assertUsable(environment);
  const isAgent = vaultVariable(environment, "AGENT_ADDR") !== undefined;
  const address = isAgent ? "AGENT_ADDR" : "ADDR";
  const { skipVerify, ...tls } = await readTls(environment);
  return {
    ...(await readRoute(environment, address)),
    tls: { ...tls, rejectUnauthorized: !skipVerify },
    followsOne: !vaultFlag(environment, "DISABLE_REDIRECTS"),
    namespace: readNamespace(environment),
    headers: readHeaders(environment),
    isAgent,
    skipVerify,
  };
}

function assertUsable(environment: Environment): void {
  for (const [name, why] of Object.entries(UNUSABLE))
    if (vaultVariable(environment, name) !== undefined)
      throw new StoreFault(
        `${vaultName(environment, name)} is set, which cannot be honoured: ${why}; unset it`,
      );
  if (vaultFlag(environment, "SRV_LOOKUP"))
    throw new StoreFault(
      `${vaultName(environment, "SRV_LOOKUP")} is set, which cannot be honoured: name the server itself in VAULT_ADDR`,
    );
}

/** The address, and how a connection to it is made. */
async function readRoute(
  environment: Environment,
  variableName: string,
): Promise<Pick<VaultServer, "base" | "agent">> {
  const name = vaultName(environment, variableName);
  const address = vaultVariable(environment, variableName);
  if (address === undefined)
    throw new StoreFault("VAULT_ADDR is not set, such as https://vault.example:8200");
  const proxy = readProxy(environment);
  const [, socket] = /^unix:\/\/(.*)$/s.exec(address) ?? [];
  if (socket !== undefined) {
    if (!socket.startsWith("/"))
      throw new StoreFault(`${name} must name a socket by its absolute path, such as unix:///run/vault.sock`);
    if (proxy)
      throw new StoreFault(`${proxy.name} is set, and no proxy leads to the socket that ${name} names`);
    return { base: ON_SOCKET, agent: agentOn(socket) };
  }
  const base = readBase(name, address);
  if (!proxy) return { base };
  if (!base.startsWith("https:"))
    throw new StoreFault(
      `${proxy.name} is set, and ${name} is plain http, which never goes through a proxy; use https://`,
    );
  return { base, agent: await agentThrough(proxy.address) };
}

/** Vault's own setting of a proxy, of which the one for all protocols wins. */
function readProxy(environment: Environment): { name: string; address: string } | undefined {
  for (const variableName of ["PROXY_ADDR", "HTTP_PROXY"]) {
    const address = vaultVariable(environment, variableName);
    if (address === undefined) continue;
    const name = vaultName(environment, variableName);
    // It may hold a password: it is not shown.
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
      throw new StoreFault(
        `${name} is not the address of an http or https proxy, such as http://proxy.example:3128`,
      );
    return { name, address };
  }
  return undefined;
}

function readNamespace(environment: Environment): string | undefined {
  const namespace = vaultVariable(environment, "NAMESPACE");
  if (namespace !== undefined && !TOKEN.test(namespace))
    throw new StoreFault(
      `${vaultName(environment, "NAMESPACE")} holds a space or another character that no namespace has`,
    );
  return namespace;
}

const Headers = z.record(
  z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/)),
  z.string().check(z.regex(/^[ -~]*$/)),
);

/** Headers as a JSON object, as Vault's client library takes them. */
function readHeaders(environment: Environment): Readonly<Record<string, string>> {
  const text = variable(environment, "VAULT_HEADERS");
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const headers = Headers.safeParse(value);
  if (!headers.success)
    throw new StoreFault("VAULT_HEADERS must be a JSON object of headers, each value a string");
  if (Object.keys(headers.data).some((name) => /^x-vault-/i.test(name)))
    throw new StoreFault("VAULT_HEADERS must not hold a header that begins with X-Vault-");
  return headers.data;
}
