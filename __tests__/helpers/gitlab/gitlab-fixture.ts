import type { HttpGate } from "../http-gate";
import type { StoreFixture } from "../store-conformance";
import { GitlabServer } from "./gitlab-server";
import type { VariableSet } from "./variable-set";

export const PROJECT = "acme/web/shop";

/** A GitLab with one project, a token that may write, and the store's variables. */
export interface GitlabFixture extends StoreFixture {
  readonly server: GitlabServer;
  readonly variables: VariableSet;
  readonly token: string;
}

export async function openGitlab(uri: string): Promise<GitlabFixture> {
  const server = await GitlabServer.start();
  const variables = server.add("projects", PROJECT);
  const token = server.addToken("api");
  let tls: HttpGate | undefined;
  return {
    server,
    variables,
    token,
    uri,
    environment: { GITLAB_URL: server.gate.origin, GITLAB_TOKEN: token },
    storeCredentials: [token],
    readSecret: () => {
      try {
        return variables.find("ORDERS_SECRET", "*").value;
      } catch {
        return undefined;
      }
    },
    close: async () => {
      await tls?.stop();
      await server.gate.stop();
    },
    deny: () => server.setAccess(token, "read_api"),
    wrongCredentials: { GITLAB_TOKEN: "glpat-not-one-of-anybody" },
    stop: () => server.gate.stop(),
    restart: () => server.gate.restart(),
    redirect: (origin) => server.gate.redirectTo(origin),
    answerHuge: () => server.gate.answerHuge(),
    answerBroken: () => server.gate.answer(),
    serveTls: async (certificate) => {
      tls = await server.serveTls(certificate);
      return { GITLAB_URL: tls.origin };
    },
  };
}
