import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { HttpGate } from "../http-gate";
import { CloudTunnel, cloudCertificate } from "./cloud-tunnel";
import { KeyVault } from "./key-vault";

const ENTRA = "login.microsoftonline.com";

const random = (): string => randomBytes(24).toString("base64url");

/** As much of Azure as the store needs: a vault at its true address, and an App Service's managed identity. */
export class AzureCloud {
  readonly vault: KeyVault;
  /** In front of the vault. */
  readonly gate: HttpGate;
  readonly token: string;
  /** Of any application in any tenant. */
  readonly applicationSecret: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly tunnel: CloudTunnel;
  readonly #others: readonly HttpGate[];

  /**
   * @param name of the vault
   * @param folder where its certificate is put
   */
  static async start(name: string, folder: string, suffix = "vault.azure.net"): Promise<AzureCloud> {
    const host = `${name}.${suffix}`;
    const [token, header, secret] = [random(), random(), random()];
    const vault = new KeyVault(`https://${host}`, token);
    const certificate = cloudCertificate([host, ENTRA], folder);
    const gate = await HttpGate.open(vault.listener, certificate);
    const entra = await HttpGate.open(entraId(token, secret), certificate);
    const identity = await HttpGate.open(identityService(token, header));
    const tunnel = await CloudTunnel.open((asked) => ({ [host]: gate, [ENTRA]: entra })[asked]);
    return new AzureCloud(vault, gate, [identity, entra], tunnel, token, secret, {
      HTTPS_PROXY: tunnel.origin,
      NO_PROXY: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: certificate.file,
      IDENTITY_ENDPOINT: `${identity.origin}/msi/token`,
      IDENTITY_HEADER: header,
      // Without it a refusal would go on to the tools of whoever runs the tests.
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
    });
  }

  private constructor(
    vault: KeyVault,
    gate: HttpGate,
    others: readonly HttpGate[],
    tunnel: CloudTunnel,
    token: string,
    applicationSecret: string,
    environment: Record<string, string>,
  ) {
    this.vault = vault;
    this.gate = gate;
    this.#others = others;
    this.tunnel = tunnel;
    this.token = token;
    this.applicationSecret = applicationSecret;
    this.environment = environment;
  }

  async close(): Promise<void> {
    await this.tunnel.close();
    await Promise.all([this.gate, ...this.#others].map((gate) => gate.stop()));
  }
}

function identityService(token: string, header: string) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const accepted = request.headers["x-identity-header"] === header;
    const body = accepted
      ? {
          access_token: token,
          expires_on: String(Math.floor(Date.now() / 1000) + 86_400),
          token_type: "Bearer",
        }
      : { statusCode: 401, message: "the identity header is not known" };
    response
      .writeHead(accepted ? 200 : 401, { "content-type": "application/json" })
      .end(JSON.stringify(body));
  };
}

/** Entra ID, as an application with a secret signs in there. */
function entraId(token: string, secret: string) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? "/", `https://${ENTRA}`);
    const [, tenant] = pathname.split("/");
    const base = `https://${ENTRA}/${tenant}`;
    let form = "";
    request.on("data", (chunk) => {
      form += chunk;
    });
    request.on("end", () => {
      const accepted = new URLSearchParams(form).get("client_secret") === secret;
      const answers: Record<string, unknown> = {
        "openid-configuration": {
          issuer: `${base}/v2.0`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          jwks_uri: `${base}/discovery/v2.0/keys`,
        },
        instance: {
          tenant_discovery_endpoint: `${base}/v2.0/.well-known/openid-configuration`,
          metadata: [{ preferred_network: ENTRA, preferred_cache: ENTRA, aliases: [ENTRA] }],
        },
        token: accepted
          ? { token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600, access_token: token }
          : { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." },
      };
      const asked = pathname.split("/").at(-1) ?? "";
      const status = answers[asked] === undefined ? 404 : asked === "token" && !accepted ? 401 : 200;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answers[asked]));
    });
  };
}
