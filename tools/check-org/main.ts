import { parseArgs } from "node:util";
import { readAdminCredentials } from "../../scripts/core/admin-credentials";
import { variable } from "../../scripts/core/environment";
import { GenesysSecretError } from "../../scripts/core/errors";
import { progressOn } from "../../scripts/core/progress";
import { Secret } from "../../scripts/core/secret";
import { readEndpoint } from "../../scripts/genesys/endpoint";
import { Session } from "../../scripts/genesys/session";
import { Transport } from "../../scripts/genesys/transport";
import {
  type Clients,
  probeDeletion,
  probeDenial,
  probeLogins,
  probePut,
  probeRegeneration,
  probeStates,
} from "./probes";
import { Report } from "./report";
import { type Org, ThrowAway } from "./throw-away";

const RETRY_MS = 30_000;

/**
 * `npm run check:org [-- --role ROLE_ID]`: asks a real org what no document says. It makes two throw-away clients with
 * the admin client of the environment, deletes them, and prints a report without secrets and ids that can be sent to
 * us. Nothing else in the org is touched.
 * @returns the exit code: 1 when the check did not get to its end, or a client was left
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { role: { type: "string" }, region: { type: "string" } } });
  const endpoint = readEndpoint(process.env, values.region);
  const admin = readAdminCredentials(process.env);
  const denied = deniedClient();
  const progress = progressOn(process.stderr);
  const report = new Report();
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => interruption.abort());
  const transport = new Transport(endpoint, progress, new AbortController().signal);
  const session = new Session(transport, endpoint, admin, RETRY_MS);
  const org: Org = { endpoint, transport, session, report };

  progress.info(`Signing in to Genesys Cloud ${endpoint.region.name}`);
  const adminId = await session.signIn();
  if (adminId !== undefined) report.hide(adminId, "admin");
  report.section("Where");
  report.fact("region", endpoint.region.name);
  const made: ThrowAway[] = [];
  let code = 0;
  try {
    const clients = await create(org, made, values.role);
    for (const probe of [probeLogins, probePut, probeStates, probeRegeneration, probeDeletion]) {
      if (interruption.signal.aborted) throw new Error("interrupted");
      progress.info(`Asking: ${probe.name}`);
      await probe(org, clients);
    }
    await probeDenial(org, denied);
  } catch (error) {
    // A fault that nobody foresaw may quote anything.
    const why = error instanceof GenesysSecretError ? error.code : (error as Error).name;
    report.fact("the check ended early", why);
    code = 1;
  } finally {
    for (const client of made) {
      if (await client.destroy()) continue;
      progress.warn(`the client "${client.body.name}" (${client.id}) is left: delete it by hand`);
      code = 1;
    }
    await session.signOut();
  }
  process.stdout.write(report.text);
  return code;
}

/** @param made gets each client as soon as it is there */
async function create(org: Org, made: ThrowAway[], role: string | undefined): Promise<Clients> {
  const name = `genesys-secret check ${new Date().toISOString()}, delete it`;
  const common = { name, description: "made by npm run check:org", accessTokenValiditySeconds: 3600 };
  const add = async (body: Readonly<Record<string, unknown>>): Promise<ThrowAway> => {
    const client = await ThrowAway.create(org, { ...common, ...body });
    made.push(client);
    return client;
  };
  return {
    credentials: await add({
      authorizedGrantType: "CLIENT-CREDENTIALS",
      ...(role !== undefined && { roleDivisions: [{ roleId: role, divisionId: "*" }] }),
    }),
    code: await add({
      authorizedGrantType: "CODE",
      registeredRedirectUri: ["https://localhost/genesys-secret"],
      scope: ["users:readonly"],
    }),
  };
}

/** A client whose allow list leaves this machine out; only a person can make one. */
function deniedClient(): { id: string; secret: Secret } | undefined {
  const id = variable(process.env, "CHECK_ORG_DENIED_CLIENT_ID");
  const secret = variable(process.env, "CHECK_ORG_DENIED_CLIENT_SECRET");
  return id === undefined || secret === undefined ? undefined : { id, secret: new Secret(secret) };
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    const known = error instanceof GenesysSecretError;
    console.error(known ? `${error.message} ${error.remedy}` : `The check failed: ${(error as Error).name}`);
    process.exitCode = 1;
  },
);
