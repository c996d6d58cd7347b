import { openStores } from "../../../scripts/cli/open-stores";
import { Secret } from "../../../scripts/core/secret";
import { readEndpoint } from "../../../scripts/genesys/endpoint";
import { describeReply } from "../../../scripts/genesys/reply";
import { Transport } from "../../../scripts/genesys/transport";
import type { Call, Outcome } from "./call";
import { detour, type Ports } from "./detour";

/**
 * A process that makes the program's connections, one call after the other, so that the SDKs are loaded once. Its
 * parent has set NODE_EXTRA_CA_CERTS, which Node.js reads when it starts.
 */
const KEPT = new Set(["PATH", "NODE_EXTRA_CA_CERTS", "TMPDIR"]);

const silent = { info: () => {}, warn: () => {} };
const { signal } = new AbortController();
let ports: Ports = {};

detour(() => ports);

process.on("message", async (call: Call) => {
  const outcome: Outcome = { said: await make(call).catch((error: unknown) => String(error)) };
  process.send?.(outcome);
});
process.on("disconnect", () => process.exit());
process.send?.({ said: "ready" });

async function make(call: Call): Promise<string> {
  ports = call.ports;
  for (const name of Object.keys(process.env)) if (!KEPT.has(name)) delete process.env[name];
  Object.assign(process.env, call.environment);
  return "store" in call.to ? prepare(call.to.store) : askGenesys(call.to.genesys);
}

async function prepare(uri: string): Promise<string> {
  const [store] = await openStores(
    { store: [uri] },
    { environment: { ...process.env }, progress: silent, signal },
  );
  try {
    await store?.prepare(true);
    return "ready";
  } finally {
    await store?.release();
  }
}

async function askGenesys(service: "login" | "api"): Promise<string> {
  const endpoint = readEndpoint({ ...process.env }, undefined);
  const secret = new Secret(process.env.GENESYSCLOUD_OAUTHCLIENT_SECRET ?? "");
  const transport = new Transport(endpoint, silent, signal);
  const answer = await transport.send({
    method: "POST",
    url: service === "login" ? `${endpoint.login}/oauth/token` : `${endpoint.api}/api/v2/oauth/clients`,
    authorization: service === "login" ? { basic: { id: "admin", secret } } : { bearer: () => secret },
    retryFor: 0,
  });
  return describeReply(answer);
}
