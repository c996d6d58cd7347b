import {
  AuthenticationError,
  ClientError,
  type GenesysSecretError,
  PermissionError,
  UnavailableError,
} from "../core/errors";
import { printable } from "../core/printable";
import { ErrorAnswer } from "./answers";
import { describeReply, type Reply } from "./reply";

/** A UUID as a rule; whatever else a server puts there is not repeated. */
const CONTEXT_ID = /^[A-Za-z0-9-]{1,64}$/;

/** What a 403 may mean besides the permission. */
const ROLES: Readonly<Record<string, string>> = {
  "oauth:client:edit": " Whoever edits a client must hold every role that it holds, too.",
};

/**
 * The error for an API call that did not give what was asked for.
 * @param doing what was being done, for the message: "looking up the client"
 * @param permission the permission that the call needs
 */
export function apiError(reply: Reply, doing: string, permission: string): GenesysSecretError {
  if (reply.kind === "no answer")
    return unavailable(`${describeReply(reply)} while ${doing}.`, reply.untrusted);
  const parsed = ErrorAnswer.safeParse(reply.body);
  const answer = parsed.success ? parsed.data : {};
  // The server's own words, as far as they are harmless; never the raw body.
  const said = answer.message ? `: ${printable(answer.message)}` : "";
  const contextId = CONTEXT_ID.test(answer.contextId ?? "") ? answer.contextId : undefined;
  switch (reply.status) {
    case 401:
      return new AuthenticationError(`Genesys Cloud refused the admin token (401) while ${doing}${said}.`, {
        code: "ERR_AUTHENTICATION",
        remedy: "Check the admin credentials and the region, or get a fresh access token, and run again.",
        contextId,
      });
    case 403:
      return new PermissionError(
        `The admin client lacks the permission ${permission} (403) while ${doing}${said}.`,
        {
          code: "ERR_PERMISSION",
          remedy: `Give a role of the admin client ${permission}, and the client the scope "oauth", then run again.${ROLES[permission] ?? ""}`,
          contextId,
        },
      );
    case 404:
      return new ClientError(`Genesys Cloud knows no such OAuth client (404) while ${doing}${said}.`, {
        code: "ERR_CLIENT_NOT_FOUND",
        remedy: "Check the client id and the region, then run again.",
        contextId,
      });
    default:
      return unavailable(`${describeReply(reply)} while ${doing}${said}.`, false, contextId, reply.status);
  }
}

function unavailable(
  message: string,
  untrusted: boolean,
  contextId?: string,
  status?: number,
): UnavailableError {
  if (untrusted) {
    return new UnavailableError(message, {
      code: "ERR_UNTRUSTED_CERTIFICATE",
      remedy:
        "The server's certificate is not trusted. If a proxy of yours is in between, name its CA in NODE_EXTRA_CA_CERTS.",
    });
  }
  if (status !== undefined && status < 400) {
    return new UnavailableError(message, {
      code: "ERR_UNEXPECTED_ANSWER",
      remedy:
        "Redirects are not followed and other answers not guessed at: check the region and the gateway, then run again.",
      contextId,
    });
  }
  if (status === 429) {
    return new UnavailableError(message, {
      code: "ERR_RATE_LIMITED",
      remedy: "Run again in a few minutes.",
      contextId,
    });
  }
  return new UnavailableError(message, {
    code: "ERR_UNAVAILABLE",
    remedy: "Check the region, the network and https://status.mypurecloud.com, then run again.",
    contextId,
  });
}
