import { once } from "node:events";
import { type Sandbox, startSandbox } from "../../sandbox/org";
import { UsageError } from "../errors";

export interface SandboxCommandOptions {
  /** TCP port on 127.0.0.1. @default - a free one */
  readonly port?: number;
  /** One JSON document on stdout in place of export lines. @default false */
  readonly json?: boolean;
}

/**
 * Runs a Genesys Cloud org on loopback until SIGINT or SIGTERM. What a shell needs to work against it goes to
 * stdout, what a person wants to know to stderr. The admin's secret is printed on purpose: the sandbox made
 * it, it opens nothing else, and it is gone when the sandbox ends.
 *
 * @throws UsageError when the port cannot be had
 */
export async function sandbox(options: SandboxCommandOptions): Promise<void> {
  // Before the start, so that a signal in its middle is not lost.
  const told = new AbortController();
  const stopped = Promise.race([
    once(process, "SIGINT", { signal: told.signal }),
    once(process, "SIGTERM", { signal: told.signal }),
  ]);
  try {
    const org = await start(options.port);
    try {
      process.stdout.write(options.json ? document(org) : exports(org));
      process.stderr.write(
        `Genesys Cloud sandbox on ${org.origin}. Its admin secret is a throwaway: it opens this org only.\n` +
          "Ctrl-C ends it, and nothing of it stays.\n",
      );
      await stopped;
    } finally {
      await org.close();
    }
  } finally {
    stopped.catch(() => undefined);
    told.abort();
  }
}

async function start(port: number | undefined): Promise<Sandbox> {
  try {
    return await startSandbox({ port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES" || code === "ERR_SOCKET_BAD_PORT") {
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

function document({ origin, host, port, protocol, admin, environment }: Sandbox): string {
  return `${JSON.stringify({ origin, host, port, protocol, admin, environment }, null, 2)}\n`;
}
