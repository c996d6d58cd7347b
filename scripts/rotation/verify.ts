import { Deadline } from "../deadline";
import { describeFailure } from "../genesys/failure";
import type { Credentials } from "../genesys/login";
import type { Progress } from "../progress";
import type { LoginPort } from "./genesys-port";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Logs in with a secret that was just regenerated. The login service may lag behind the API for a moment, so a
 * refusal is repeated, within bounds; nowhere else is a refused login repeated.
 * @param limit how long to go on, milliseconds
 * @returns why it does not log in; undefined when it does
 */
export async function verifyLogin(
  genesys: LoginPort,
  who: Credentials,
  limit: number,
  progress: Progress,
): Promise<string | undefined> {
  const deadline = new Deadline(limit);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const login = await genesys.logIn(who, Math.max(deadline.remaining, 0));
    if (login.kind === "accepted") {
      if (login.token) await genesys.revoke(login.token);
      return undefined;
    }
    if (pause > deadline.remaining) {
      return login.kind === "refused"
        ? `the login service refuses it: ${login.reason}`
        : describeFailure(login.failure);
    }
    if (pause === FIRST_PAUSE_MS)
      progress.info("The login service does not accept the new secret yet; trying again");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
