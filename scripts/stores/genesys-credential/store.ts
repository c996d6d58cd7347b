import { randomUUID } from "node:crypto";
import { StoreFault, type StoreNotReadyError } from "../../core/errors";
import { printable, quote } from "../../core/printable";
import { ErrorAnswer } from "../../genesys/answers";
import { describeReply, type Reply } from "../../genesys/reply";
import type { GenesysCall } from "../../genesys/session";
import type { StoredDocument } from "../document";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { CLIENT_CREDENTIAL, CREDENTIALS_PATH, CredentialAnswer, holdsClient } from "./api";

const VIEW = "integrations:integration:view";
const EDIT = "integrations:integration:edit";

/** `genesys-credential:`, the integration credential of the same org that logs in as this client. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new GenesysCredentialStore(uri, context.genesys);
}

class GenesysCredentialStore implements Store {
  readonly uri: StoreUri;
  readonly #genesys: GenesysCall;
  readonly #id: string;
  #name = "";

  constructor(uri: StoreUri, genesys: GenesysCall) {
    this.uri = uri;
    this.#genesys = genesys;
    this.#id = uri.target as string;
  }

  async prepare(): Promise<void> {
    const answer = await this.#genesys({ method: "GET", path: pathOf(this.#id) });
    if (answer.kind !== "answer" || answer.status !== 200) throw this.#refused(answer, VIEW);
    const credential = CredentialAnswer.safeParse(answer.body);
    if (!credential.success || credential.data.id !== this.#id) {
      throw notReady(
        this.uri,
        "Genesys Cloud gave an answer that cannot be used",
        "Check the region and the gateway; if both are right, report this.",
      );
    }
    if (!holdsClient(credential.data)) {
      throw notReady(
        this.uri,
        `the credential ${quote(credential.data.name)} is of the type ${quote(credential.data.type?.name ?? "")}, not ${CLIENT_CREDENTIAL}`,
        "Name a credential that holds an OAuth client, then run again.",
      );
    }
    this.#name = credential.data.name;
    await this.#assertEditable();
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const answer = await this.#put(this.#id, this.#name, document.clientId, document.clientSecret.reveal());
    if (answer.kind === "answer" && answer.status >= 200 && answer.status < 300) return;
    throw new StoreFault(reasonOf(answer, EDIT));
  }

  async release(): Promise<void> {}

  /**
   * There is no dry run. A credential that does not exist is updated instead: whoever may not edit credentials is
   * told so, everybody else that there is none.
   */
  async #assertEditable(): Promise<void> {
    const answer = await this.#put(randomUUID(), "genesys-secret", "", "");
    const refused =
      answer.kind !== "answer" || [401, 403, 429].includes(answer.status) || answer.status >= 500;
    if (refused) throw this.#refused(answer, EDIT);
  }

  #put(id: string, name: string, clientId: string, clientSecret: string): Promise<Reply> {
    const body = { name, type: { name: CLIENT_CREDENTIAL }, credentialFields: { clientId, clientSecret } };
    return this.#genesys({ method: "PUT", path: pathOf(id), body });
  }

  #refused(answer: Reply, permission: string): StoreNotReadyError {
    const status = answer.kind === "answer" ? answer.status : undefined;
    return notReady(
      this.uri,
      reasonOf(answer, permission),
      REMEDIES[status ?? 0]?.(permission) ?? RETRY_LATER,
    );
  }
}

const RETRY_LATER = "Check the region, the network and https://status.mypurecloud.com, then run again.";

const REMEDIES: Readonly<Record<number, (permission: string) => string>> = {
  403: (permission) => `Give a role of the admin client ${permission}, then run again.`,
  404: () => "Check the credential's id and the region, then run again.",
};

function pathOf(id: string): string {
  return `${CREDENTIALS_PATH}/${encodeURIComponent(id)}`;
}

/** What the API answered, without its own words: those about an update might quote the secret. */
function reasonOf(answer: Reply, permission: string): string {
  if (answer.kind === "no answer") return describeReply(answer);
  const parsed = ErrorAnswer.safeParse(answer.body);
  const contextId = parsed.success ? parsed.data.contextId : undefined;
  const context = contextId ? ` (contextId ${printable(contextId)})` : "";
  switch (answer.status) {
    case 403:
      return `the admin client lacks the permission ${permission} (403)${context}`;
    case 404:
      return `there is no such integration credential (404)${context}`;
    default:
      return `${describeReply(answer)}${context}`;
  }
}
