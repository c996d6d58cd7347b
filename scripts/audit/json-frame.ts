/** A value that may be a secret, until the objects around it have told what it is. */
export interface Pending {
  readonly value: string;
  readonly offset: number;
  readonly line: number;
  /** Names from the root of the document to the value; an array has none. */
  readonly path: readonly string[];
  readonly inOutputs: boolean;
  /** The name that the value has in the object that is about to end. */
  name: string;
  clientId?: string;
  /** The id of the object that holds the value: of an OAuth client, its client id. */
  ownId?: string;
  type?: string;
  address?: string;
  /** As it is written in an address: 0, or "eu". */
  index?: string;
  /** Set when an object around it says whether it is sensitive: then that is an output. */
  sensitive?: boolean;
  output?: string;
}

/** What an open object or array has told so far. One of each depth is used again and again. */
export class JsonFrame {
  name = "";
  inOutputs = false;
  readonly texts = new Map<string, string>();
  readonly ids = new Map<string, string>();
  sensitive: boolean | undefined;
  pending: Pending[] = [];

  reset(name: string, inOutputs: boolean): void {
    this.name = name;
    this.inOutputs = inOutputs;
    if (this.texts.size > 0) this.texts.clear();
    if (this.ids.size > 0) this.ids.clear();
    this.sensitive = undefined;
    if (this.pending.length > 0) this.pending = [];
  }

  /** The object ends: what it knows goes to what is pending in it. */
  tell(pending: Pending): void {
    const { texts, ids } = this;
    if (/secret/i.test(pending.name)) pending.clientId ??= ids.get(idName(pending.name));
    pending.ownId ??= ids.get("id");
    pending.index ??= texts.get("index_key");
    if (pending.type === undefined && texts.has("type")) {
      pending.type = texts.get("type");
      pending.address = texts.get("address") ?? addressOf(texts);
    }
    if (pending.sensitive === undefined && this.sensitive !== undefined) {
      pending.sensitive = this.sensitive;
      pending.output = this.name;
    }
    pending.name = this.name;
  }
}

/** What the id beside a secret is called: client_id for client_secret, ORDERS_ID for ORDERS_SECRET. */
function idName(secretName: string): string {
  return secretName.replace(/secret/i, (word) =>
    word === "SECRET" ? "ID" : word.startsWith("S") ? "Id" : "id",
  );
}

function addressOf(texts: ReadonlyMap<string, string>): string {
  return [
    texts.get("module"),
    texts.get("mode") === "data" ? "data" : undefined,
    texts.get("type"),
    texts.get("name"),
  ]
    .filter((part) => part !== undefined)
    .join(".");
}
