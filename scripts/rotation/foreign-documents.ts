import { StoreNotReadyError } from "../core/errors";
import { printable, quote } from "../core/printable";
import type { Progress } from "../core/progress";
import type { OAuthClient } from "../genesys/answers";
import type { ClientLookup, LoginPort } from "../genesys/genesys-port";
import { tryLogin, type Verdict } from "../genesys/try-login";
import type { StoredDocument } from "../stores/document";
import type { Found } from "./plan";

/** The clients whose documents may be replaced, and how a user allows another one. */
export interface TakeOver {
  /** Ids of the clients that the user named. */
  readonly allowed: readonly string[];
  /** What to run so that this client's document is replaced. */
  readonly howTo: (clientId: string) => string;
}

/** What tells whether another client's document may be replaced. */
export interface ForeignRules {
  /** The client that the stores are for, or both of a pair of twins. */
  readonly clients: readonly Pick<OAuthClient, "id" | "name">[];
  /** AWS name of the region. */
  readonly region: string;
  /** The construct that this run is for. */
  readonly owner?: string;
  readonly takeOver: TakeOver;
  readonly genesys: LoginPort;
  /** @default - there is no admin who could ask */
  readonly lookUp?: ClientLookup["lookUp"];
  readonly progress: Progress;
  readonly retryFor: number;
}

/**
 * Another client's secret may have its only copy in the document that a run is about to replace. It is replaced only
 * where nothing is lost by that, or where the user named that client.
 * @throws {StoreNotReadyError} before anything is written
 */
export async function assertReplaceable(found: readonly Found[], rules: ForeignRules): Promise<void> {
  const kept: { uri: string; document: StoredDocument; why: string }[] = [];
  for (const { uri, document } of found) {
    if (!document || rules.clients.some(({ id }) => id === document.clientId)) continue;
    const why = await whyKept(document, rules);
    if (why !== undefined) kept.push({ uri, document, why });
    else
      rules.progress.info(`${uri}: the document of another client, ${document.clientId}, will be replaced`);
  }
  const [first] = kept;
  if (!first) return;
  const stores = kept.map(
    ({ uri, document, why }) =>
      `${printable(uri)} holds the secret of another client, ${printable(document.clientId)}: ${why}`,
  );
  throw new StoreNotReadyError(
    `${stores.join("; ")}. It may be the only copy.`,
    `Name another store. Or, if that client's secret may be lost: ${rules.takeOver.howTo(first.document.clientId)}`,
    "ERR_STORE_FOREIGN",
  );
}

/** Why another client's document stays; undefined when it may be replaced. */
async function whyKept(document: StoredDocument, rules: ForeignRules): Promise<string | undefined> {
  const { clients, region, owner, takeOver, genesys, lookUp, retryFor } = rules;
  if (takeOver.allowed.includes(document.clientId)) return undefined;
  if (document.owner !== undefined && document.owner === owner) return undefined;
  // Neither this region's API nor its login service knows a client of another one.
  if (document.region !== "" && document.region !== region)
    return `it is of the region ${quote(document.region)}, and whether it is valid there cannot be told from here`;
  const other = await lookUp?.(document.clientId);
  if (document.region === "" && typeof other !== "object")
    return "it does not say of which region it is, so that nobody can be asked";
  const grant = typeof other === "object" ? other.authorizedGrantType : undefined;
  const who = { clientId: document.clientId, secret: document.clientSecret, grant };
  const verdict = await tryLogin(genesys, who, retryFor);
  if (verdict.secret === "invalid") return undefined;
  if (document.owner === undefined && typeof other === "object") {
    if (clients.some(({ name }) => name === other.name)) return undefined;
  }
  // What logs in is not gone: it may be a client of another org of this region.
  if (verdict.secret === "valid") return "it is valid";
  return other === "not found" ? undefined : `whether it is valid is unknown (${printable(verdict.reason)})`;
}

/**
 * Whether another client's secret is known to be invalid. Here an answer counts only for a document of this region:
 * the login service of one knows no client of another.
 */
export function isKnownInvalid(
  { document, login }: { readonly document?: StoredDocument; readonly login?: Verdict },
  region: string,
): boolean {
  return login?.secret === "invalid" && document?.region === region;
}
