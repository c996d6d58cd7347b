import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { type Environment, variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { TOKEN } from "../../core/patterns";
import { printable } from "../../core/printable";
import type { Progress } from "../../core/progress";
import { Secret } from "../../core/secret";
import type { VaultClient } from "./api";
import type { AuthMethod, VaultAuth } from "./auth";
import { githubToken } from "./github-token";
import { SERVICE_ACCOUNT_TOKEN } from "./grammar";
import { type HelperContext, helperToken } from "./token-helper";
import { vaultVariable } from "./variables";

export interface LoginContext extends HelperContext {
  readonly progress: Progress;
  /** Whether an agent is asked, which may add a token of its own. */
  readonly isAgent: boolean;
  /** How long to go on retrying transient faults, milliseconds. */
  readonly retryFor: number;
}

const LoginAnswer = z.object({ auth: z.object({ client_token: z.string().check(z.regex(TOKEN)) }) });

/**
 * Gives the client a token.
 * @returns whether the token was taken by a login here, and is ours to revoke
 * @throws {StoreFault} when there are no credentials, or the server refuses them
 */
export async function logIn(client: VaultClient, auth: VaultAuth, context: LoginContext): Promise<boolean> {
  const { environment } = context;
  const method = auth.method ?? methodOf(environment);
  if (method === "token") {
    client.token = await givenToken(context);
    return false;
  }
  const credentials =
    method === "approle"
      ? appRole(environment)
      : { role: auth.role, jwt: await jwtOf(method, auth, context) };
  client.token = await tokenFor(client, method, auth.mount ?? method, credentials, context);
  return true;
}

/** A token says most plainly what is meant; AppRole's two variables say it, too. */
function methodOf(environment: Environment): AuthMethod {
  const hasToken = vaultVariable(environment, "TOKEN") !== undefined;
  const hasRole =
    vaultVariable(environment, "ROLE_ID") !== undefined &&
    vaultVariable(environment, "SECRET_ID") !== undefined;
  return !hasToken && hasRole ? "approle" : "token";
}

/** In the order of Vault's own command line. */
async function givenToken(context: LoginContext): Promise<Secret | undefined> {
  const token =
    vaultVariable(context.environment, "TOKEN") ??
    (await helperToken(context)) ??
    (await readSecretFile(join(homedir(), ".vault-token"), true));
  if (token === undefined) {
    if (context.isAgent) return undefined;
    throw new StoreFault(
      "there is no token: VAULT_TOKEN is not set, no token helper has one, and ~/.vault-token is not there (to log in, set VAULT_ROLE_ID and VAULT_SECRET_ID, or the URI's option auth; an agent with a token of its own is named by VAULT_AGENT_ADDR)",
    );
  }
  if (!TOKEN.test(token))
    throw new StoreFault("the token holds a space, a line break or another character that no token has");
  return new Secret(token);
}

function appRole(environment: Environment): Record<string, string> {
  const role_id = vaultVariable(environment, "ROLE_ID");
  const secret_id = vaultVariable(environment, "SECRET_ID");
  if (role_id === undefined || secret_id === undefined)
    throw new StoreFault(
      `the AppRole login needs VAULT_ROLE_ID and VAULT_SECRET_ID; ${role_id === undefined ? "VAULT_ROLE_ID" : "VAULT_SECRET_ID"} is not set`,
    );
  return { role_id, secret_id };
}

async function jwtOf(method: AuthMethod, auth: VaultAuth, context: LoginContext): Promise<string> {
  const { environment, progress } = context;
  const file = auth.tokenFile ?? (method === "kubernetes" ? SERVICE_ACCOUNT_TOKEN : undefined);
  if (file !== undefined) return (await readSecretFile(file, false)) as string;
  const given = variable(environment, "VAULT_JWT");
  if (given !== undefined) return given;
  const fromGithub = await githubToken(environment, auth.audience, progress, context);
  if (fromGithub !== undefined) return fromGithub.reveal();
  throw new StoreFault(
    "the JWT login needs a token: the option token_file, VAULT_JWT, or a GitHub Actions job with the permission id-token: write",
  );
}

async function readSecretFile(path: string, mayBeAbsent: boolean): Promise<string | undefined> {
  let token: string;
  try {
    token = (await readFile(path, "utf8")).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (mayBeAbsent && code === "ENOENT") return undefined;
    throw new StoreFault(`the token file "${printable(path)}" cannot be read (${code})`);
  }
  if (token === "") throw new StoreFault(`the token file "${printable(path)}" is empty`);
  return token;
}

async function tokenFor(
  client: VaultClient,
  method: AuthMethod,
  mount: string,
  credentials: Readonly<Record<string, string | undefined>>,
  { retryFor, signal }: LoginContext,
): Promise<Secret> {
  const path = `auth/${mount}/login`;
  const { status, body } = await client.send({ method: "POST", path, json: credentials, retryFor, signal });
  const where = `the ${method} login at "${printable(path)}"`;
  if (status !== 200)
    throw new StoreFault(
      `${where} was refused (${status}): wrong credentials, role or VAULT_NAMESPACE, or no such login there`,
    );
  const answer = LoginAnswer.safeParse(body);
  if (!answer.success) throw new StoreFault(`${where} gave no token; a second factor cannot be given here`);
  return new Secret(answer.data.auth.client_token);
}
