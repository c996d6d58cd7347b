import { quote } from "../core/printable";
import { isDoneOutside } from "../core/schedule";
import { words } from "../core/words";
import type { Unknown } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";
import type { Examined } from "./examine";
import { isSameSecret, newest } from "./holdings";
import { whyNot } from "./login-check";

/** Something that is wrong, and what to do. */
export interface Finding {
  readonly uri: string;
  readonly problem: string;
  readonly remedy: string;
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** A document whose secret is valid, the newest if there are several; what a heal copies. */
  readonly source?: StoredDocument;
  /** URIs of the stores that lack it. */
  readonly lacking: readonly string[];
  /** Which of a pair of twins is in use; undefined for one client, and where no store holds a working secret. */
  readonly twins?: { readonly inUse: string; readonly idle: string };
}

/**
 * Concludes from what was found in the stores of one client.
 * @param clientIds the client that the stores should hold, or both of a pair of twins; empty when only the stores can tell
 * @param gone ids of clients that are no longer in the org
 * @param rotation the rotation id that a secret should have; null when any will do
 * @param isKept whether another client's document is not to be replaced
 * @param repeated what a command that is advised repeats besides the rotation, the client and its stores
 */
export function diagnose(
  examined: readonly Examined[],
  clientIds: readonly string[],
  gone: readonly string[],
  rotation: string | null,
  isKept: (one: Examined) => boolean,
  repeated: readonly string[] = [],
): Diagnosis {
  const shown = newest(examined.filter(isValid).flatMap(documents))?.clientId;
  const expected = clientIds.length > 0 || shown === undefined ? clientIds : [shown];
  const fits = ({ clientId }: StoredDocument): boolean =>
    expected.length === 0 || expected.includes(clientId);
  const alive = examined.filter(isValid).flatMap(documents).filter(fits);
  const source = newest([...alive, ...examined.flatMap(({ stagedValid }) => stagedValid ?? []).filter(fits)]);
  const lacking = examined.filter(
    (one) =>
      one.notReady === undefined &&
      one.store.readable &&
      !(one.document && !fits(one.document) && isKept(one)) &&
      !(source && one.document && isSameSecret(one.document, source)),
  );
  // A new secret would replace what may be valid.
  const [doubted] = examined.flatMap(({ login }) => (login?.secret === "unknown" ? [login] : []));
  const doubt = doubted && lookAgain(doubted);
  const asked = rotation === null ? [] : ["--rotation", rotation];
  const stores = examined.flatMap(({ store }) => ["--store", store.uri.text]);
  const doctor = (...flags: string[]): string =>
    words(["genesys-secret", "doctor", ...flags, ...stores, ...repeated]);
  const named = clientIds.length > 0 ? flagsOf(clientIds) : [];
  const heal = `To copy the working secret here: ${doctor("--heal", ...asked, ...named)}`;
  const rotate = doctor("--heal", "--rotate", ...asked, ...flagsOf(expected));
  const renewal = `No store holds a working secret of this client. To make a new one: ${rotate}`;
  const findings = examined.flatMap((one): Finding[] => {
    const found =
      problemOf(one, source, { fits, gone, isKept, repeated }) ?? missedRotation(one, rotation, rotate);
    if (found === undefined) return [];
    const { problem, remedy = source ? heal : (doubt ?? renewal) } = found;
    return [{ uri: one.store.uri.text, problem, remedy }];
  });
  const idle = source && clientIds.length > 1 ? clientIds.find((id) => id !== source.clientId) : undefined;
  const twins = source && idle !== undefined ? { inUse: source.clientId, idle } : undefined;
  return { findings, source, lacking: lacking.map(({ store }) => store.uri.text), twins };
}

/** What a document should be, and what may be replaced. */
interface Expectation {
  readonly fits: (document: StoredDocument) => boolean;
  readonly gone: readonly string[];
  readonly isKept: (one: Examined) => boolean;
  readonly repeated: readonly string[];
}

function problemOf(
  examined: Examined,
  source: StoredDocument | undefined,
  { fits, gone, isKept, repeated }: Expectation,
): { problem: string; remedy?: string } | undefined {
  const { store, document, login, notReady, remedy, stagedValid } = examined;
  if (notReady !== undefined)
    return { problem: notReady, remedy: remedy ?? "Mend the store, then look again." };
  if (!store.readable) return undefined;
  if (stagedValid && source === stagedValid)
    return { problem: "the working secret is only staged: a run was interrupted" };
  if (!document) return { problem: "it holds no secret" };
  const place = ["--client-id", document.clientId, "--store", store.uri.text];
  const removal = words(["genesys-secret", "remove", ...place, ...repeated]);
  if (gone.includes(document.clientId))
    return {
      problem: `it holds what a destroyed client left, ${document.clientId}`,
      remedy: `To take it out: ${removal}`,
    };
  if (!fits(document)) {
    const what = login?.secret === "valid" ? "the working secret" : "the secret";
    const kept = `Nothing is copied over a secret that may be valid. If the store is not that client's, take it out: ${removal} --yes`;
    return {
      problem: `it holds ${what} of another client, ${document.clientId}`,
      ...(isKept(examined) && { remedy: kept }),
    };
  }
  if (login?.secret === "invalid") return { problem: `its secret is invalid (${login.reason})` };
  if (login?.secret === "valid" && source && document.clientId !== source.clientId)
    return {
      problem: `it shows the other twin, ${document.clientId}, which is valid: a rotation was interrupted`,
    };
  if (login?.secret === "unknown" && login.because !== "not tried")
    return {
      problem: `it is not known whether its secret is valid (${whyNot(login)})`,
      remedy: lookAgain(login),
    };
  return undefined;
}

/** An engine that was killed may have recorded a rotation as done which never was: the secret before it still works. */
function missedRotation(
  { document, login }: Examined,
  rotation: string | null,
  command: string,
): { problem: string; remedy: string } | undefined {
  if (login?.secret !== "valid" || !document || !missesRotation(document, rotation)) return undefined;
  return {
    problem: `its secret works, but is of ${nameOf(document.rotation)}, not of ${nameOf(rotation)}`,
    remedy: `To make up for it: ${command}`,
  };
}

/** Whether a document is of another rotation than it should be; any will do for null. */
export function missesRotation(document: StoredDocument, rotation: string | null): boolean {
  return rotation !== null && document.rotation !== rotation && !isDoneOutside(document.rotation, rotation);
}

/** What to do where it is not known whether a secret is valid. */
function lookAgain({ because }: Unknown): string {
  if (because === "out of reach") return "Look again when the login service answers.";
  return "Look again from an address that the client may log in from; nothing needs to be replaced for this.";
}

function nameOf(rotation: string | null): string {
  return rotation === null ? "no rotation" : `the rotation ${quote(rotation)}`;
}

/** The flags that name the client, or both twins. */
function flagsOf([clientId = "ID", twinId]: readonly string[]): readonly string[] {
  return ["--client-id", clientId, ...(twinId === undefined ? [] : ["--twin-id", twinId])];
}

function isValid({ login }: Examined): boolean {
  return login?.secret === "valid";
}

function documents({ document }: Examined): StoredDocument[] {
  return document ? [document] : [];
}
