/** All that is to be known of a scheme of store URIs, at synth and at run time, without its store's code. */
export interface SchemeRow {
  /** How the URI is written, for messages and docs. */
  readonly form: string;
  /** What the store is, in a few words. */
  readonly summary: string;
  /** What may follow the colon: tests spoil it in every way. */
  readonly example: string;
  /** Options that may follow as a query. */
  readonly options: Readonly<Record<string, OptionRow>>;
  /** Checks the raw body and gives it in its canonical form; returns a reason when it does not fit. */
  readonly parse: (
    body: string,
  ) => { canonical: string; target: string | readonly string[] } | { reason: string };
  /** From where on a question mark begins the query. @default - anywhere: the body holds none */
  readonly queryFrom?: (rest: string) => number;
  /** What is kept: the whole document, the client's id and secret, or one value without a name. */
  readonly holds: "the document" | "client id and secret" | "a bare value";
  /** Whether it can be read back. One that cannot counts by its acknowledgement, and replaces another client's secret. */
  readonly readable: boolean;
  /** An option with which it holds a bare value, and cannot be read, either. @default - none */
  readonly bareWith?: string;
  /** What a bare value must be, for those that the user chooses. @default - anything goes */
  readonly values?: { readonly pattern: RegExp; readonly rule: string };
  /** The absolute path, where the store is a file of this machine. @default - it is none */
  readonly localFile?: (target: string, folder: string, home: string) => string;
  /** Whether it prints on standard output, which nothing else can have then. @default - it does not */
  readonly printing?: true;
  /** Why Terraform's local-exec cannot use it. @default - it can */
  readonly refusedUnderTerraform?: string;
  /** Variables that hold its credentials: withheld from children, and looked for in what a synth writes. */
  readonly credentials: readonly string[];
  /** Variables that hold the path of a file with credentials: withheld, too; a path is no secret. @default - none */
  readonly credentialFiles?: readonly string[];
  /** Of these, what the command of --then gets all the same. @default - none */
  readonly passedToThen?: readonly string[];
  /** The permissions that a run needs. @default - none that anybody grants */
  readonly policy?: readonly string[];
  /** What shows only after the secret was replaced. @default - nothing that is known */
  readonly notRehearsed?: string;
}

/** An option of a store's URI. */
export interface OptionRow {
  readonly help: string;
  /** Whether two values of it make two stores. @default - it says how the store is made or reached */
  readonly identity?: true;
}

/** Fields of the document that a store of single values can hold. */
export const FIELD_NAMES = ["client_id", "client_secret", "region", "regenerated_at", "rotation"] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

const FIELDS = `the field of the document to store: ${FIELD_NAMES.join(", ")}`;

/** The option `field`. Here and not beside its reader, `field.ts`: a row needs no document. */
export const FIELD_OPTION: OptionRow = { help: `${FIELDS}; default client_secret`, identity: true };

/** The same, where without it the whole document is stored. */
export const BARE_FIELD_OPTION: OptionRow = {
  help: `${FIELDS}, as a bare value; default the whole JSON document. A bare value cannot be read back`,
  identity: true,
};

/** A part of a URI without its percent-encoding; undefined when that is broken. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `decode`, which also refuses what hides a control character. */
export function decodePrintable(text: string): string | undefined {
  const decoded = decode(text);
  return decoded === undefined || /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded;
}
