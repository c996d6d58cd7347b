import { ClientError } from "../core/errors";
import { printable, quote } from "../core/printable";
import type { OAuthClient } from "../genesys/answers";

const GRANTS_WITH_SECRET = ["CLIENT-CREDENTIALS", "CODE"];

/**
 * Refuses a client whose secret must not, or cannot, be regenerated.
 * @param adminClientId the client that this run itself logs in with
 * @throws {ClientError}
 */
export function assertRotatable(client: OAuthClient, adminClientId: string | undefined): void {
  const refuse = (why: string, code: string, remedy: string): never => {
    throw new ClientError(
      `The client ${quote(client.name)} (${printable(client.id)}) cannot be rotated: ${why}.`,
      { code, remedy },
    );
  };
  if (client.id === adminClientId) {
    refuse(
      "it is the admin client of this very run, which would lock itself out",
      "ERR_CLIENT_IS_ADMIN",
      "Rotate it with the credentials of another admin client.",
    );
  }
  if (!GRANTS_WITH_SECRET.includes(client.authorizedGrantType)) {
    refuse(
      `its grant is ${printable(client.authorizedGrantType)}, and only ${GRANTS_WITH_SECRET.join(" and ")} clients have a secret to rotate`,
      "ERR_CLIENT_GRANT",
      "Name another client.",
    );
  }
  if (client.state !== undefined && client.state.toLowerCase() !== "active") {
    refuse(
      `it is ${printable(client.state)}, and a new secret could not be verified`,
      "ERR_CLIENT_INACTIVE",
      "Activate the client, then run again.",
    );
  }
}
