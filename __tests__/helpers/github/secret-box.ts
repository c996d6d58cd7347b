import sodium from "libsodium-wrappers";

/** A refusal in GitHub's words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type Visibility = "all" | "private" | "selected";

export interface BoxedSecret {
  readonly value: string;
  /** Only an organization's secret has them. */
  readonly visibility?: Visibility;
  readonly repositories: readonly number[];
}

/** The secrets of one repository, environment or organization, and the key they are sealed for. */
export class SecretBox {
  readonly #secrets = new Map<string, BoxedSecret>();
  readonly #ofOrganization: boolean;
  #pair = sodium.crypto_box_keypair();
  #keyId = String(Date.now());
  /** How many secrets GitHub lets it have. */
  readonly limit: number;

  /** `sodium.ready` must have been awaited. */
  constructor(ofOrganization: boolean) {
    this.#ofOrganization = ofOrganization;
    this.limit = ofOrganization ? 1_000 : 100;
  }

  /** Names of all its secrets. */
  get names(): readonly string[] {
    return [...this.#secrets.keys()];
  }

  /** Fills it with secrets of others, up to the limit less some. */
  fill(left = 0): void {
    for (let number = this.#secrets.size; number < this.limit - left; number++)
      this.seed(`OTHER_${number}`, { value: "theirs", visibility: "all", repositories: [] });
  }

  get publicKey(): { key_id: string; key: string } {
    const key = sodium.to_base64(this.#pair.publicKey, sodium.base64_variants.ORIGINAL);
    return { key_id: this.#keyId, key };
  }

  /** Makes a new key; what is sealed for the old one is refused from here on. */
  rotateKey(): void {
    this.#pair = sodium.crypto_box_keypair();
    this.#keyId = String(Number(this.#keyId) + 1);
  }

  get(name: string): BoxedSecret | undefined {
    return this.#secrets.get(name.toUpperCase());
  }

  /** Puts a secret there behind the API's back. */
  seed(name: string, secret: BoxedSecret): void {
    this.#secrets.set(name, secret);
  }

  /**
   * @returns whether it is new
   * @throws {Refusal} 422 as GitHub answers it
   */
  put(name: string, body: Readonly<Record<string, unknown>>): boolean {
    if (/^GITHUB_/i.test(name)) throw new Refusal(422, "Secret names must not start with GITHUB_.");
    if (!/^[A-Z_][A-Z0-9_]*$/i.test(name))
      throw new Refusal(
        422,
        "Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).",
      );
    const isNew = !this.#secrets.has(name.toUpperCase());
    if (isNew && this.#secrets.size >= this.limit)
      throw new Refusal(422, `Secrets limit of ${this.limit} reached`);
    this.#secrets.set(name.toUpperCase(), { value: this.#open(body), ...this.#audience(body) });
    return isNew;
  }

  remove(name: string): boolean {
    return this.#secrets.delete(name.toUpperCase());
  }

  #open({ key_id, encrypted_value }: Readonly<Record<string, unknown>>): string {
    if (key_id !== this.#keyId || typeof encrypted_value !== "string")
      throw new Refusal(422, "Bad request - key_id or encrypted_value is not valid");
    const sealed = sodium.from_base64(encrypted_value, sodium.base64_variants.ORIGINAL);
    try {
      return sodium.to_string(
        sodium.crypto_box_seal_open(sealed, this.#pair.publicKey, this.#pair.privateKey),
      );
    } catch {
      throw new Refusal(422, "Bad request - improperly encrypted secret");
    }
  }

  #audience(body: Readonly<Record<string, unknown>>): Pick<BoxedSecret, "visibility" | "repositories"> {
    if (!this.#ofOrganization) return { repositories: [] };
    const { visibility, selected_repository_ids: ids } = body;
    if (visibility !== "all" && visibility !== "private" && visibility !== "selected")
      throw new Refusal(422, 'Invalid request. "visibility" wasn\'t supplied or is not valid.');
    if (ids !== undefined && visibility !== "selected")
      throw new Refusal(422, "selected_repository_ids can only be given when visibility is selected");
    return { visibility, repositories: Array.isArray(ids) ? ids.map(Number) : [] };
  }
}
