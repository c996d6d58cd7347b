import { once } from "node:events";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { UsageError } from "../core/errors";
import { printable } from "../core/printable";

/** What the org holds from the start, so that the examples in the documentation have a client to work on. */
const FIRST_CLIENT = "orders-service";

export interface SandboxCommandOptions {
  /** TCP port on 127.0.0.1, as the command line gives it. @default - a free one */
  readonly port?: string;
  /** One JSON document on stdout in place of export lines. @default false */
  readonly json?: boolean;
}

/**
 * Runs a Genesys Cloud org on loopback, until the command ends that is to run in it, else until SIGINT or SIGTERM. What a shell needs to work against it goes to
 * stdout, what a person wants to know to stderr. The admin's secret is printed on purpose: the sandbox made
 * it, it opens nothing else, and it is gone when the sandbox ends.
 *
 * @param argv a command that finds the org in its environment; none: the environment is printed
 * @returns the exit code
 * @throws UsageError when the port is none, or cannot be had, or the command cannot be started
 */
export async function sandbox(argv: readonly string[], options: SandboxCommandOptions): Promise<number> {
  const port = readPort(options.port);
  // Before the start, so that a signal in its middle is not lost.
  const told = new AbortController();
  const stopped = Promise.race([
    once(process, "SIGINT", { signal: told.signal }),
    once(process, "SIGTERM", { signal: told.signal }),
  ]);
  try {
    const org = await start(port);
    try {
      const { id } = org.addClient({ name: FIRST_CLIENT });
      say(
        `Genesys Cloud sandbox on ${org.origin}. It starts with the OAuth client ${FIRST_CLIENT}, id ${id}.`,
      );
      if (argv.length > 0) return await inside(org, argv as [string, ...string[]]);
      process.stdout.write(options.json ? document(org) : exports(org));
      say(
        "The admin secret is a throwaway: it opens this org only. Ctrl-C ends the sandbox, and nothing of it stays.",
      );
      await stopped;
      return 0;
    } finally {
      await org.close();
    }
  } finally {
    stopped.catch(() => undefined);
    told.abort();
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Loaded only here: the stand-ins for Terraform's providers bring gRPC along. */
async function inside(org: Sandbox, argv: readonly [string, ...string[]]): Promise<number> {
  const { runInSandbox } = await import("../../sandbox/shell");
  say(`Running in it: ${argv.map(printable).join(" ")}`);
  try {
    return await runInSandbox(org, argv, say);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EACCES") throw error;
    throw new UsageError(`The command "${printable(argv[0])}" cannot be started (${code}).`);
  }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535) return Number(text);
  throw new UsageError(`--port must be a port from 1 to 65535, it is "${printable(text)}".`);
}

async function start(port: number | undefined): Promise<Sandbox> {
  try {
    return await startSandbox({ port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES") {
      throw new UsageError(`The sandbox cannot listen on port ${port} of 127.0.0.1 (${code}).`);
    }
    throw error;
  }
}

/** None of the values needs quoting: UUIDs, base64url, digits and names of hosts. */
function exports({ environment }: Sandbox): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join("");
}

function document(org: Sandbox): string {
  const { origin, host, port, protocol, admin, environment } = org;
  const clients = org.clients().map(({ id, name }) => ({ id, name }));
  return `${JSON.stringify({ origin, host, port, protocol, admin, clients, environment }, null, 2)}\n`;
}
