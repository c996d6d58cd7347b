import { ClientError, GenesysSecretError, NotStoredError, SHOULD_IT_END_WITH_9 } from "../core/errors";
import { printable, quote } from "../core/printable";
import { Secret } from "../core/secret";
import { type OAuthClient, RegeneratedClient } from "./answers";
import { apiError } from "./api-error";
import { describeReply, type Reply } from "./reply";
import type { Session } from "./session";

const EDIT = "oauth:client:edit";
/** How often a lost answer is healed by regenerating again before the run gives up. */
const MOST_LOST_ANSWERS = 3;

/**
 * THE IRREVERSIBLE CALL. The old secret dies with it, and nobody can bring it back.
 *
 * An answer that is lost may have changed the secret; regenerating again heals that, because only the last
 * secret counts. The errors say what is known: "not changed" only when no attempt can have reached the service.
 * @throws {PermissionError | AuthenticationError | ClientError | UnavailableError} refused: not changed
 * @throws {NotStoredError} changed or perhaps changed, and the new secret is not known
 */
export async function regenerateSecret(session: Pick<Session, "call">, client: OAuthClient): Promise<Secret> {
  let perhaps = false;
  const note = (reply: Reply): void => {
    perhaps ||= mayHaveChanged(reply);
  };
  for (let lost = 1; ; lost++) {
    const path = `/api/v2/oauth/clients/${encodeURIComponent(client.id)}/secret`;
    const answer = await session.call({ method: "POST", path, onRetry: note }).catch((error) => {
      // The token may have expired between two attempts, and not be had anew.
      throw perhaps && error instanceof GenesysSecretError
        ? lostAnswer(error.message, error.contextId)
        : error;
    });
    note(answer);
    if (answer.kind === "answer" && answer.status >= 200 && answer.status < 300) {
      const parsed = RegeneratedClient.safeParse(answer.body);
      if (parsed.success && parsed.data.id === client.id) return new Secret(parsed.data.secret);
      if (answer.body === undefined && lost < MOST_LOST_ANSWERS) continue;
      throw unusable(
        client,
        parsed.success ? `it is about the client ${printable(parsed.data.id)}` : "it holds no usable secret",
      );
    }
    throw perhaps
      ? lostAnswer(`${describeReply(answer)}.`, apiError(answer, "", EDIT).contextId)
      : refused(answer, client);
  }
}

/** Whether the service may have made a new secret although no usable answer came: a redirect may come after the deed. */
function mayHaveChanged(reply: Reply): boolean {
  return reply.kind === "answer" ? reply.status < 400 || reply.status >= 500 : !reply.neverSent;
}

function refused(answer: Reply, client: OAuthClient): GenesysSecretError {
  if (
    answer.kind === "answer" &&
    answer.status >= 400 &&
    answer.status < 500 &&
    ![401, 403, 404, 408, 425, 429].includes(answer.status)
  ) {
    return new ClientError(
      `Genesys Cloud refused to regenerate the secret of ${quote(client.name)} (${answer.status}).`,
      {
        code: "ERR_CLIENT_REFUSED",
        remedy:
          "Look at the client in Genesys Cloud: its state and its grant decide whether it can be rotated.",
        contextId: apiError(answer, "", EDIT).contextId,
      },
    );
  }
  return apiError(answer, "regenerating the secret", EDIT);
}

/** @param why a whole sentence */
function lostAnswer(why: string, contextId: string | undefined): NotStoredError {
  return new NotStoredError(`The secret was perhaps regenerated, but the answer was lost: ${why}`, {
    code: "ERR_ANSWER_LOST",
    secret: "perhaps changed",
    remedy: `Run again: only the last secret counts. Until then no store may hold a valid one. ${SHOULD_IT_END_WITH_9}`,
    contextId,
  });
}

function unusable(client: OAuthClient, reason: string): NotStoredError {
  return new NotStoredError(
    `The secret of ${quote(client.name)} was perhaps regenerated, but the answer cannot be used: ${reason}.`,
    {
      code: "ERR_ANSWER_UNUSABLE",
      // Whoever answers so may be a gateway that has passed nothing on.
      secret: "perhaps changed",
      remedy: "Check that the gateway or proxy in between passes answers on unchanged, then run again.",
    },
  );
}
