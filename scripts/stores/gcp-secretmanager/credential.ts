import { GoogleAuth } from "google-auth-library";
import { variableOfFile, warnOfUnseen, withoutAdmin } from "../sdk-environment";
import type { StoreContext } from "../store";
import { boundedFetch, NO_AGENT } from "./bounded-fetch";
import { GoogleCredentialsFault } from "./fault";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS";

/** How the library sends what it sends. */
const BOUNDS = { fetchImplementation: boundedFetch, agent: NO_AGENT };

/** The application default credentials, by Google's own library. */
export class GoogleCredentials {
  readonly #auth: GoogleAuth;
  readonly #context: StoreContext;

  /**
   * @param project of the secret; naming it keeps the library from asking `gcloud` for one
   * @param store the store's URI, for a warning
   */
  constructor(project: string, context: StoreContext, store: string) {
    this.#context = context;
    warnOfUnseen(context, store, /^(GOOGLE|GCE|CLOUDSDK)_/, [KEY_FILE]);
    const keyFilename = variableOfFile(context, KEY_FILE);
    this.#auth = new GoogleAuth({
      scopes: [SCOPE],
      projectId: project,
      ...(keyFilename && { keyFilename }),
      clientOptions: { transporterOptions: BOUNDS },
    });
  }

  /**
   * The headers that authenticate a request.
   * @throws {GoogleCredentialsFault} with a safe message: the library's own errors hold the request
   */
  async headers(): Promise<Readonly<Record<string, string>>> {
    try {
      return await withoutAdmin(this.#context, async () => {
        const client = await this.#auth.getClient();
        boundExchange(client);
        return Object.fromEntries(await client.getRequestHeaders());
      });
    } catch (error) {
      const reason = reasonOf(error);
      throw new GoogleCredentialsFault(
        `there are no usable Google Cloud credentials${reason ? ` (${reason})` : ""}`,
      );
    }
  }
}

/** A workload's token is exchanged by a part of its client that the options do not reach. */
function boundExchange(client: unknown): void {
  const { stsCredential } = client as { stsCredential?: { transporter: { defaults: object } } };
  if (!stsCredential) return;
  const { transporter } = stsCredential;
  transporter.defaults = { ...BOUNDS, ...transporter.defaults };
}

/** A code of the token service or of the system, such as "invalid_grant" or "ENOENT". */
function reasonOf(error: unknown): string | undefined {
  const { response, code } = error as { response?: { data?: { error?: unknown } }; code?: unknown };
  return [response?.data?.error, code].find(
    (word): word is string => typeof word === "string" && /^[A-Za-z_]{1,60}$/.test(word),
  );
}
