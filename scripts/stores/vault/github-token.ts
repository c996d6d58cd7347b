import * as z from "zod/mini";
import { type Environment, variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import type { Progress } from "../../core/progress";
import { Secret } from "../../core/secret";
import { JsonHttp, readBase } from "../../http/json-http";

const URL_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN_VARIABLE = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

const IdToken = z.object({ value: z.string().check(z.minLength(1)) });

/**
 * Asks GitHub for the OIDC token of the job that this runs in.
 * @returns undefined outside of a job that may ask
 * @throws {StoreFault}
 */
export async function githubToken(
  environment: Environment,
  audience: string | undefined,
  progress: Progress,
  call: { retryFor: number; signal: AbortSignal },
): Promise<Secret | undefined> {
  const address = variable(environment, URL_VARIABLE);
  const bearer = variable(environment, TOKEN_VARIABLE);
  if (address === undefined || bearer === undefined) return undefined;
  if (!URL.canParse(address)) throw new StoreFault(`${URL_VARIABLE} is not a URL`);
  const url = new URL(address);
  if (audience !== undefined) url.searchParams.set("audience", audience);
  const http = new JsonHttp(
    { name: "GitHub's token service", base: readBase(URL_VARIABLE, url.origin) },
    progress,
  );
  const answer = await http
    .send({
      method: "GET",
      path: url.pathname + url.search,
      headers: { authorization: `Bearer ${bearer}` },
      ...call,
    })
    .catch((error: unknown) => {
      throw error instanceof StoreFault
        ? new StoreFault(`GitHub's token service gave no token: ${error.message}`)
        : error;
    });
  const token = IdToken.safeParse(answer.body);
  if (answer.status !== 200 || !token.success)
    throw new StoreFault(
      `GitHub's token service gave no token (${answer.status}); the job needs the permission id-token: write`,
    );
  return new Secret(token.data.value);
}
