import { loadEnvironment } from "../core/environment";
import { StoreFault, UsageError } from "../core/errors";
import { EXIT } from "../core/exit-codes";
import { readLimits } from "../core/limits";
import { harmlessJson, printable } from "../core/printable";
import { progressOn } from "../core/progress";
import { readEndpoint } from "../genesys/endpoint";
import { Logins } from "../genesys/logins";
import { Transport } from "../genesys/transport";
import { probe } from "../rotation/login-check";
import type { OpenedStore } from "../stores/store";
import { ageOf } from "./age";
import { openStores } from "./open-stores";
import { readClientIds, type StoreFlags } from "./run-settings";

/** What is known of one store. */
interface Verdict {
  readonly uri: string;
  readonly life: "alive" | "dead" | "unknown" | "nothing";
  readonly clientId?: string;
  readonly regeneratedAt?: string;
  readonly reason?: string;
}

/**
 * `genesys-secret verify`: does what each store holds log in, and as which client? Needs no admin.
 * @returns 0 when every store's secret lives, else 10
 */
export async function verify(flags: StoreFlags): Promise<number> {
  const environment = await loadEnvironment(flags.envFile);
  const progress = progressOn(process.stderr);
  const { signal } = new AbortController();
  const stores = await openStores(flags, { environment, progress, signal });
  const { retryFor } = readLimits(flags, environment);
  const expected = readClientIds(flags, environment);
  readEndpoint(environment, flags.region);

  const judge = async (store: OpenedStore): Promise<Verdict> => {
    const uri = store.uri.text;
    if (!store.readable) return { uri, life: "unknown", reason: "it cannot be read back" };
    try {
      const document = await store.read();
      if (!document) return { uri, life: "nothing", reason: "it holds no client and secret" };
      const { clientId, regeneratedAt, region } = document;
      const known = { uri, clientId, regeneratedAt };
      if (expected.length > 0 && !expected.includes(clientId)) {
        return { ...known, life: "unknown", reason: `it holds another client than ${expected.join(" or ")}` };
      }
      // The document knows its region; a flag wins.
      const endpoint = readEndpoint(environment, flags.region ?? (region || undefined));
      const life = await probe(
        new Logins(new Transport(endpoint, progress, signal), endpoint),
        document,
        retryFor,
      );
      return { ...known, ...(life.life === "alive" ? { life: "alive" } : life) };
    } catch (error) {
      // The only configuration that is read here is the document's region.
      if (!(error instanceof StoreFault || error instanceof UsageError)) throw error;
      return { uri, life: "unknown", reason: error.message };
    } finally {
      await store.release();
    }
  };
  const verdicts = await Promise.all(stores.map(judge));
  process.stdout.write(
    flags.json ? `${harmlessJson({ command: "verify", stores: verdicts.map(asJson) })}\n` : lines(verdicts),
  );
  return verdicts.every(({ life }) => life === "alive") ? EXIT.done : EXIT.findings;
}

/** With the names that the other commands' documents have. */
function asJson({ uri, life, clientId, regeneratedAt, reason }: Verdict): Record<string, unknown> {
  return {
    uri,
    life,
    client_id: clientId ?? null,
    regenerated_at: regeneratedAt || null,
    reason: reason ?? null,
  };
}

const WORDS = {
  alive: "logs in",
  dead: "DOES NOT LOG IN",
  unknown: "cannot be told",
  nothing: "NOTHING THERE",
};

function lines(verdicts: readonly Verdict[]): string {
  const now = Date.now();
  return verdicts
    .map(({ uri, life, clientId, regeneratedAt, reason }) => {
      const who = clientId === undefined ? "" : `, client ${printable(clientId)}`;
      const age = regeneratedAt ? `, ${ageOf(regeneratedAt, now)} old` : "";
      return `${printable(uri)}: ${WORDS[life]}${who}${age}${reason === undefined ? "" : ` (${printable(reason)})`}\n`;
    })
    .join("");
}
