import { randomBytes, randomUUID } from "node:crypto";
import { Secret } from "../../core/secret";
import { bareValue } from "../bare-value";
import { HeldDocument, type StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { OtherRuns } from "../other-runs";
import type { Store, StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { type Intention, Parameter } from "./parameter";

const EMPTY = "{}";
/** No field of the document is larger. */
const FIELD_BYTES = 256;

/** `aws-ssm:`, a SecureString that holds the JSON document, or one bare field of it. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  const parameter = new Parameter(uri, context);
  return uri.options.has("field")
    ? new SsmValueStore(uri, parameter, readField(uri))
    : new SsmDocumentStore(uri, parameter, context);
}

/** The whole document. A parameter has no stages: what is written is current at once. */
class SsmDocumentStore implements Store {
  readonly #otherRuns = new OtherRuns();

  constructor(
    readonly uri: StoreUri,
    readonly parameter: Parameter,
    readonly context: StoreContext,
  ) {}

  async prepare(dryRun: boolean): Promise<void> {
    const intention: Intention = {
      example: (text) => {
        const held = HeldDocument.parse(text);
        this.#otherRuns.remember(held.document);
        return { text: held.with(exampleOf(this.uri)).text, bytes: held.expectedBytes };
      },
    };
    await this.parameter.prepare(dryRun, intention);
  }

  async rehearse(): Promise<void> {
    await this.parameter.rehearse();
  }

  async read(): Promise<StoredDocument | undefined> {
    return HeldDocument.parse(await this.parameter.read()).document;
  }

  async write(document: StoredDocument, over = false): Promise<void> {
    const held = HeldDocument.parse(await this.parameter.read());
    // AWS has no compare-and-set here; this at least notices a run that was faster. Reading back tells the rest.
    if (!over) this.#otherRuns.assertNone(held.document, document);
    await this.parameter.write(held.with(document).text);
  }

  async remove(clientId: string): Promise<boolean> {
    const held = HeldDocument.parse(await this.parameter.read());
    if (!held.isOf(clientId)) return false;
    // Who has created the parameter deletes it; one that was there before is only emptied.
    if (this.parameter.creation && held.others === undefined) await this.parameter.delete();
    else await this.parameter.write(held.others?.text ?? EMPTY);
    return true;
  }

  async release(): Promise<void> {}
}

/** One bare value. It does not say whose it is, so it counts by AWS's acknowledgement, and nothing removes it. */
class SsmValueStore implements Store {
  constructor(
    readonly uri: StoreUri,
    readonly parameter: Parameter,
    readonly field: Field,
  ) {}

  async prepare(dryRun: boolean): Promise<void> {
    await this.parameter.prepare(dryRun, {
      example: () => ({ text: bareValue(this.field, exampleOf(this.uri)), bytes: FIELD_BYTES }),
    });
  }

  async rehearse(): Promise<void> {
    await this.parameter.rehearse();
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    await this.parameter.write(bareValue(this.field, document));
  }

  async release(): Promise<void> {}
}

/** A document of the usual shape, with a secret that is nobody's. */
function exampleOf(uri: StoreUri): StoredDocument {
  return {
    clientId: randomUUID(),
    clientSecret: new Secret(randomBytes(32).toString("base64url")),
    region: "us-east-1",
    regeneratedAt: new Date().toISOString(),
    rotation: "1",
    stores: [uri.text],
  };
}
