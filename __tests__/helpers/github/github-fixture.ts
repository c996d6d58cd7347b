import type { HttpGate } from "../http-gate";
import type { StoreFixture } from "../store-conformance";
import { GithubServer } from "./github-server";

export const REPOSITORY = "acme/shop";
export const REPOSITORY_SECRETS = `/repos/${REPOSITORY}/actions/secrets`;

/** A GitHub with one repository, a token that may write, and the store's variables. */
export interface GithubFixture extends StoreFixture {
  readonly server: GithubServer;
  readonly token: string;
}

/**
 * @param uri the store's
 * @param place the path of the secrets that it means
 */
export async function openGithub(uri: string, place = REPOSITORY_SECRETS): Promise<GithubFixture> {
  const server = await GithubServer.start();
  server.addRepository(REPOSITORY, "live/eu");
  const token = server.addToken("write");
  let tls: HttpGate | undefined;
  return {
    server,
    token,
    uri,
    environment: { GITHUB_API_URL: server.gate.origin, GH_TOKEN: token },
    storeCredentials: [token],
    readSecret: () => server.box(place).get("ORDERS_SECRET")?.value,
    close: async () => {
      await tls?.stop();
      await server.gate.stop();
    },
    deny: () => server.setAccess(token, "read"),
    wrongCredentials: { GH_TOKEN: "github_pat_not-one-of-anybody" },
    stop: () => server.gate.stop(),
    restart: () => server.gate.restart(),
    redirect: (origin) => server.gate.redirectTo(origin),
    answerHuge: () => server.gate.answerHuge(),
    answerBroken: () => server.gate.answer(),
    serveTls: async (certificate) => {
      tls = await server.serveTls(certificate);
      return { GITHUB_API_URL: tls.origin };
    },
  };
}
