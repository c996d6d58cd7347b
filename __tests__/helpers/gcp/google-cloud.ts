import { createPublicKey, createVerify, generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { CloudTunnel, cloudCertificate } from "../azure/cloud-tunnel";
import { HttpGate } from "../http-gate";
import { SecretManager } from "./secret-manager";

const HOST = "secretmanager.googleapis.com";
/** Of regional secrets. */
const REGIONAL = "secretmanager.europe-west1.rep.googleapis.com";
const TOKENS = "oauth2.googleapis.com";
const EXCHANGE = "sts.googleapis.com";
const ISSUED = "urn:ietf:params:oauth:token-type:access_token";

/** A token of another identity provider that a workload identity pool trusts. */
export const TRUSTED = "trusted.id.token";

const ACCOUNT = "rotator@orders-project.iam.gserviceaccount.com";

/** The service account's key; making one takes longer than most tests. */
const accountKey = (): { privateKey: string; publicKey: string } => {
  madeKey ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return madeKey;
};
let madeKey: { privateKey: string; publicKey: string } | undefined;

/** As much of Google Cloud as the store needs, at its true addresses: Secret Manager, and tokens for a service account. */
export class GoogleCloud {
  readonly secrets: SecretManager;
  /** In front of Secret Manager. */
  readonly gate: HttpGate;
  readonly token: string;
  readonly privateKey: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly tunnel: CloudTunnel;
  readonly #tokens: HttpGate;
  readonly #folder: string;

  /** @param folder where a certificate and key files are put */
  static async start(project: string, folder: string): Promise<GoogleCloud> {
    const token = `ya29.${randomBytes(32).toString("base64url")}`;
    const { privateKey, publicKey } = accountKey();
    const secrets = new SecretManager(project, token);
    const certificate = cloudCertificate([HOST, REGIONAL, TOKENS, EXCHANGE], folder);
    const gate = await HttpGate.open(secrets.listener, certificate);
    const tokens = await HttpGate.open(tokenService(token, publicKey), certificate);
    const tunnel = await CloudTunnel.open(
      (asked) => ({ [HOST]: gate, [REGIONAL]: gate, [TOKENS]: tokens, [EXCHANGE]: tokens })[asked],
    );
    return new GoogleCloud(secrets, gate, tokens, tunnel, token, privateKey, folder, certificate.file);
  }

  private constructor(
    secrets: SecretManager,
    gate: HttpGate,
    tokens: HttpGate,
    tunnel: CloudTunnel,
    token: string,
    privateKey: string,
    folder: string,
    certificate: string,
  ) {
    this.secrets = secrets;
    this.gate = gate;
    this.#tokens = tokens;
    this.tunnel = tunnel;
    this.token = token;
    this.privateKey = privateKey;
    this.#folder = folder;
    this.environment = {
      HTTPS_PROXY: tunnel.origin,
      NO_PROXY: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: certificate,
      GOOGLE_APPLICATION_CREDENTIALS: this.keyFile("key.json", privateKey),
    };
  }

  /** Writes a service account's key file. @returns its path */
  keyFile(name: string, privateKey: string): string {
    const path = join(this.#folder, name);
    const key = {
      type: "service_account",
      project_id: "orders-project",
      private_key_id: "1",
      private_key: privateKey,
      client_email: ACCOUNT,
      client_id: "1",
      token_uri: `https://${TOKENS}/token`,
    };
    writeFileSync(path, JSON.stringify(key));
    return path;
  }

  async close(): Promise<void> {
    await this.tunnel.close();
    await Promise.all([this.gate.stop(), this.#tokens.stop()]);
  }
}

/** Another private key, that Google knows nothing of. */
export function strangersKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
}

/** Google's token endpoints: for the JWT bearer grant, and for the token of somebody else that is trusted. */
function tokenService(token: string, publicKey: string): RequestListener {
  return (request, response) => {
    let form = "";
    request.on("data", (chunk) => {
      form += chunk;
    });
    request.on("end", () => {
      const fields = new URLSearchParams(form);
      const [header, claims, signature] = (fields.get("assertion") ?? "").split(".");
      const accepted = fields.has("subject_token")
        ? fields.get("subject_token") === TRUSTED
        : createVerify("RSA-SHA256")
            .update(`${header}.${claims}`)
            .verify(createPublicKey(publicKey), signature ?? "", "base64url");
      const body = accepted
        ? { access_token: token, expires_in: 3599, token_type: "Bearer", issued_token_type: ISSUED }
        : { error: "invalid_grant", error_description: "Invalid JWT Signature." };
      response
        .writeHead(accepted ? 200 : 400, { "content-type": "application/json" })
        .end(JSON.stringify(body));
    });
  };
}
