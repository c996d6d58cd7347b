import { loadEnvironment } from "../core/environment";
import { StoreFault, UsageError } from "../core/errors";
import { EXIT } from "../core/exit-codes";
import { readLimits } from "../core/limits";
import { harmlessJson, printable } from "../core/printable";
import { progressOn } from "../core/progress";
import { readVerification } from "../core/verification";
import { readEndpoint } from "../genesys/endpoint";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { NO_LOGINS, tryLogin, type Verdict } from "../genesys/try-login";
import { whyNot } from "../rotation/login-check";
import type { OpenedStore } from "../stores/store";
import { ageOf } from "./age";
import { LIFE, NO_LOGIN_TRIED } from "./life";
import { openStores } from "./open-stores";
import { readClientIds, type StoreFlags } from "./run-settings";

/** What is known of one store. */
interface Judged {
  readonly uri: string;
  readonly secret: Verdict["secret"] | "nothing";
  /** Whether that is nothing to look after. */
  readonly isFine: boolean;
  readonly clientId?: string;
  readonly regeneratedAt?: string;
  readonly reason?: string;
}

/**
 * `genesys-secret verify`: does what each store holds log in, and as which client? Needs no admin. With verify
 * "elsewhere" only stores and documents are looked at.
 * @returns 0 when every store's secret is valid, else 10
 */
export async function verify(flags: StoreFlags): Promise<number> {
  const environment = await loadEnvironment(flags.envFile);
  const progress = progressOn(process.stderr);
  const { signal } = new AbortController();
  const stores = await openStores(flags, { environment, progress, signal });
  const { retryFor } = readLimits(flags, environment);
  const expected = readClientIds(flags, environment);
  const elsewhere = readVerification(flags, environment) === "elsewhere";
  readEndpoint(environment, flags.region);

  const judge = async (store: OpenedStore): Promise<Judged> => {
    const uri = store.uri.text;
    const unknown = { uri, secret: "unknown", isFine: false } as const;
    if (!store.readable) return { ...unknown, reason: "it cannot be read back" };
    try {
      const document = await store.read();
      if (!document)
        return { uri, secret: "nothing", isFine: false, reason: "it holds no client and secret" };
      const { clientId, regeneratedAt, region } = document;
      const known = { clientId, regeneratedAt };
      if (expected.length > 0 && !expected.includes(clientId)) {
        return { ...unknown, ...known, reason: `it holds another client than ${expected.join(" or ")}` };
      }
      // The document knows its region; a flag wins.
      const endpoint = readEndpoint(environment, flags.region ?? (region || undefined));
      const logins = elsewhere ? NO_LOGINS : new Logins(new Transport(endpoint, progress, signal), endpoint);
      const login = await tryLogin(logins, { clientId, secret: document.clientSecret }, retryFor);
      const reason = login.secret === "valid" ? undefined : whyNot(login);
      return { uri, ...known, secret: login.secret, isFine: elsewhere || login.secret === "valid", reason };
    } catch (error) {
      // The only configuration that is read here is the document's region.
      if (!(error instanceof StoreFault || error instanceof UsageError)) throw error;
      return { ...unknown, reason: error.message };
    } finally {
      await store.release();
    }
  };
  const judged = await Promise.all(stores.map(judge));
  if (elsewhere) progress.info(NO_LOGIN_TRIED);
  process.stdout.write(
    flags.json ? `${harmlessJson({ command: "verify", stores: judged.map(asJson) })}\n` : lines(judged),
  );
  return judged.every(({ isFine }) => isFine) ? EXIT.done : EXIT.findings;
}

/** With the names that the other commands' documents have. */
function asJson({ uri, secret, clientId, regeneratedAt, reason }: Judged): Record<string, unknown> {
  return {
    uri,
    life: secret === "nothing" ? secret : LIFE[secret],
    client_id: clientId ?? null,
    regenerated_at: regeneratedAt || null,
    reason: reason ?? null,
  };
}

const WORDS = {
  valid: "logs in",
  invalid: "DOES NOT LOG IN",
  unknown: "is not known to log in",
  nothing: "NOTHING THERE",
};

function lines(judged: readonly Judged[]): string {
  const now = Date.now();
  return judged
    .map(({ uri, secret, clientId, regeneratedAt, reason }) => {
      const who = clientId === undefined ? "" : `, client ${printable(clientId)}`;
      const age = regeneratedAt ? `, ${ageOf(regeneratedAt, now)} old` : "";
      return `${printable(uri)}: ${WORDS[secret]}${who}${age}${reason === undefined ? "" : ` (${printable(reason)})`}\n`;
    })
    .join("");
}
