import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { OAuth2Client } from "google-auth-library";

/** What the official client makes of a server, as `judge` prints it. */
export interface Judgement {
  /** What the latest version of the secret holds, to the client. */
  readonly latest: string;
  /** Name of the version that the client added. */
  readonly added: string | null | undefined;
  readonly permissions: readonly string[] | null | undefined;
  /** Status of reading a secret that is not there. */
  readonly missing: number;
}

/**
 * Google's own client for Secret Manager, in its REST mode, against the server whose port, token and project are the
 * arguments. In a process of its own: it imports in ways that jest's CommonJS cannot.
 */
async function judge([port, token, project]: readonly string[]): Promise<Judgement> {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token });
  const client = new SecretManagerServiceClient({
    fallback: true,
    apiEndpoint: "127.0.0.1",
    port: Number(port),
    protocol: "http",
    authClient: authClient as never,
    projectId: project,
  });
  const secret = `projects/${project}/secrets/orders`;
  const [version] = await client.accessSecretVersion({ name: `${secret}/versions/latest` });
  const [added] = await client.addSecretVersion({
    parent: secret,
    payload: { data: Buffer.from("by the client") },
  });
  const [rights] = await client.testIamPermissions({
    resource: secret,
    permissions: ["secretmanager.versions.add", "secretmanager.versions.list"],
  });
  const missing = await client
    .accessSecretVersion({ name: `projects/${project}/secrets/missing/versions/latest` })
    .then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  return {
    latest: String(version.payload?.data),
    added: added.name,
    permissions: rights.permissions,
    missing,
  };
}

if (require.main === module)
  void judge(process.argv.slice(2)).then((judgement) => process.stdout.write(JSON.stringify(judgement)));
