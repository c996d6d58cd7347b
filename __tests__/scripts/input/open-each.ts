// Opens each of the store URIs on standard input (a JSON array) in a process of its own, and prints what came of it.
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { UsageError } from "../../../scripts/core/errors";
import { credentialVariables } from "../../../scripts/stores/credential-variables";
import { openStore } from "../../../scripts/stores/open-store";
import { parseStoreUri } from "../../../scripts/stores/uri";

/** What came of opening a store. */
export interface Opened {
  /** Why it was refused; absent when it was opened. */
  readonly refused?: string;
  readonly exitCode?: number;
  /** An error that is none of the user's. */
  readonly defect?: string;
}

async function open(uri: string, said: string[]): Promise<Opened> {
  const environment = { PATH: process.env.PATH };
  try {
    await openStore(parseStoreUri(uri), {
      environment,
      credentialVariables: credentialVariables(environment),
      progress: { info: (line) => said.push(line), warn: (line) => said.push(line) },
      signal: new AbortController().signal,
      genesys: () => Promise.reject(new Error("Genesys Cloud was called")),
      stdout: process.stderr,
    });
    return {};
  } catch (error) {
    return error instanceof UsageError
      ? { refused: error.message, exitCode: error.exitCode }
      : { defect: String(error) };
  }
}

async function main(): Promise<void> {
  const said: string[] = [];
  let sockets = 0;
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...args: Parameters<typeof connect>) {
    sockets += 1;
    return connect.apply(this, args);
  } as typeof connect;
  const opened: Opened[] = [];
  for (const uri of JSON.parse(await text(process.stdin)) as string[]) opened.push(await open(uri, said));
  process.stdout.write(JSON.stringify({ opened, said, sockets }));
}

void main();
