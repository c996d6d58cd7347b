import { setTimeout as sleep } from "node:timers/promises";
import { ProviderError } from "../protocol/diagnostic";
import { NoAnswerError } from "./api-error";
import { send } from "./http";

// The login service has a rate limit of its own, which it reports as a 400.
const LOGIN_PATIENCE_MS = 60_000;
const LOGIN_WAIT_MS = 1_000;

/**
 * Asks for a token with a client's credentials.
 * @throws {ProviderError} when the client is refused, or the login service cannot be reached
 */
export async function requestToken(login: string, id: string, secret: string): Promise<string> {
  const deadline = Date.now() + LOGIN_PATIENCE_MS;
  for (;;) {
    const { status, body } = await send("POST", `${login}/oauth/token`, {
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    }).catch((error: unknown) => {
      if (error instanceof NoAnswerError) throw failed(error.message);
      throw error;
    });
    if (status === 200 && typeof body.access_token === "string") return body.access_token;
    const limited = status === 400 && String(body.error_description).startsWith("rate limit exceeded;");
    if (!limited || Date.now() >= deadline) {
      throw failed(`Auth Error: ${status} - ${body.error} (${body.error_description ?? body.description})`);
    }
    await sleep(LOGIN_WAIT_MS);
  }
}

function failed(why: string): ProviderError {
  return new ProviderError(`failed to authorize Genesys Cloud client credentials: ${why}`);
}
