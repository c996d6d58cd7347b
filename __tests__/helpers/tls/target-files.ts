import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files in which some services' credentials are. */
export class TargetFiles {
  readonly #folder: string;
  /** An identity token. */
  readonly tokenFile: string;
  /** The key of a service account of Google's. */
  readonly googleKey: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.tokenFile = this.#write("token", "header.payload.signature");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.googleKey = this.#write("google.json", {
      type: "service_account",
      project_id: "orders-project",
      private_key_id: "1",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
      client_email: "rotator@orders-project.iam.gserviceaccount.com",
      client_id: "1",
      token_uri: "https://oauth2.googleapis.com/token",
    });
  }

  /** Google's credentials of a workload whose token is exchanged there. */
  workload(origin: string): string {
    return this.#write(nameOf("workload", origin), {
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/ci",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${origin}/v1/token`,
      credential_source: { file: this.tokenFile },
    });
  }

  kubeconfig(server: string, proxy?: URL): string {
    const name = nameOf("kubeconfig", `${server} ${proxy ?? ""}`);
    return this.#write(name, {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server, ...(proxy && { "proxy-url": proxy.href }) } }],
      users: [{ name: "rotator", user: { token: "cluster-token" } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "rotator" } }],
      "current-context": "c",
    });
  }

  #write(name: string, content: unknown): string {
    const path = join(this.#folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }
}

function nameOf(kind: string, text: string): string {
  return `${kind}-${text.replace(/[^a-z0-9]+/gi, "-")}.json`;
}
