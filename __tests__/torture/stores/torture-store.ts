import type { Gate, Passing } from "../gate";

export const STORE_KINDS = [
  "file",
  "vault",
  "vault-approle",
  "kubernetes",
  "github-actions",
  "gitlab",
  "genesys-credential",
  "command",
] as const;

/** Those of schedules; their servers cost little. */
export type StoreKind = (typeof STORE_KINDS)[number];

/** A store that a schedule tortures, and the strings behind its stage. */
export interface TortureStore {
  readonly kind: StoreKind | "aws-secretsmanager";
  readonly uri: string;
  readonly readable: boolean;
  /** Variables of the program, credentials included. */
  readonly environment: Readonly<Record<string, string>>;
  /** What no output may show. */
  readonly credentials: readonly string[];
  /** The way to its server. @default - it has none of its own */
  readonly gate?: Gate;
  /** Looks at a server that is another process, before `holds`. */
  refresh?(): Promise<void>;
  /** The secret that it holds, looked up behind the program's back. */
  holds(): string | undefined;
  /** What is there besides what it should hold, a line each: after a healthy run nothing. */
  residue(): readonly string[];
  /** From here on what is written is put back to what is there now, so often: a backup, or somebody's sync, wins. */
  undo?(times: number): void;
  /**
   * Whether a request is the write itself, and not its rehearsal.
   * @param secret that is written
   * @default - it has no server that could refuse it
   */
  isWrite?(passing: Passing, secret: string): boolean;
  /** Puts something of somebody else's there, in the place of the store or beside it. */
  seedOthers?(): void;
  /** What of it is there now, in a form that changes with each part of it. */
  others?(): string;
  /** From here on the credentials are good, but may not write. */
  deny?(): void;
  allow?(): void;
  close(): Promise<void>;
}

/** What stores are opened with. */
export interface StoreSite {
  /** A folder for this store alone; what is in it is swept for secrets, but for `holder`. */
  readonly folder: string;
  /** A folder for what holds credentials by right: kubeconfigs, certificates. */
  readonly credentialsFolder: string;
}
