/** Name of the manifest in a stack's folder, `cdktf.out/stacks/<stack>/`. */
export const MANIFEST_FILE = "genesys-secret.manifest.json";

/** What a synth tells `genesys-secret rotate` of a stack's clients: where their secrets go, and nothing secret. */
export interface Manifest {
  readonly version: 1;
  readonly clients: readonly ManifestClient[];
}

/**
 * A client by its name, where the stack manages it and no id is known at synth, or by its id; it has either. So it has
 * either a rotation id or a schedule.
 */
export interface ManifestClient {
  readonly name?: string;
  readonly clientId?: string;
  /** The client that it takes turns with, in the same way: by name or by id. @default - none */
  readonly twin?: string;
  /** Store URIs; a relative path starts in the manifest's folder. */
  readonly stores: readonly string[];
  /** The rotation id that the stack gives its null_resource. */
  readonly rotation?: string;
  /** Slots, each of which has one rotation: "every 30 days from 2026-01-01T00:00:00Z". */
  readonly schedule?: string;
  /** AWS name of the region. @default - the environment's */
  readonly region?: string;
  /** The client whose document in the stores may be replaced. @default - none */
  readonly takeOver?: string;
  /** Names of the variables that hold the org's admin client. @default - the usual ones */
  readonly adminCredentials?: {
    readonly clientIdVariable: string;
    readonly clientSecretVariable: string;
  };
  /** A command that runs after each rotation. @default - none */
  readonly then?: readonly string[];
  /** Where its secret is verified. @default - where the program runs, if it may log in there */
  readonly verify?: "here" | "elsewhere";
}
