type Awaitable<T> = T | Promise<T>;

/** A store and its server, empty, made for one trial; and the truth about it, looked up behind the program's back. */
export interface TestedStore {
  readonly uri: string;
  /** The store's own variables, credentials included. */
  readonly environment: Readonly<Record<string, string>>;
  /** What no output may show. */
  readonly credentials: readonly string[];
  /** Files where the secret may be, relative to the working folder. @default - none */
  readonly files?: readonly string[];
  /** Whether it is handed the secret on standard output. @default false */
  readonly speaks?: boolean;
  /** The secret it holds now. @throws Error when what it holds is damaged */
  held(): Awaitable<string | undefined>;
  /** Puts something of others there, in the place of the store or beside it. @default - nothing can be */
  seedOthers?(): Awaitable<void>;
  /** Whether all of it is there as it was. */
  keepsOthers?(): Awaitable<boolean>;
  /** From here on a rehearsal passes, and the write that follows is refused. @returns what ends it */
  refuseWrites?(): () => void;
  /** What lies about on the server that no healthy run leaves there. @default - nothing can */
  leftovers?(): Awaitable<readonly string[]>;
  close(): Awaitable<void>;
}

/** What a store needs to be opened for a trial. */
export interface Ground {
  readonly sandbox: import("../../../../sandbox/org").Sandbox;
  /** The program's working folder, swept for secrets. */
  readonly folder: string;
  /** For what the store's server needs on the disk, which holds no secret of Genesys Cloud. */
  readonly tools: string;
}

/** A kind of store that the matrix kills at. */
export interface StoreKind {
  readonly name: string;
  /** The tool that is missing on this machine. @default - none */
  readonly missing?: string;
  open(ground: Ground): Promise<TestedStore>;
}
