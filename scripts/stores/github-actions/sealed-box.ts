import sodium from "libsodium-wrappers";
import { StoreFault } from "../../core/errors";

/** The public key that GitHub wants a secret sealed with. */
export interface PublicKey {
  readonly keyId: string;
  /** Curve25519, 32 bytes. */
  readonly key: Uint8Array;
}

/**
 * Reads GitHub's answer about a public key.
 * @throws {StoreFault} when it is none
 */
export async function readPublicKey(answer: unknown): Promise<PublicKey> {
  await sodium.ready;
  const { key_id, key } = (answer ?? {}) as { key_id?: unknown; key?: unknown };
  const bytes = typeof key === "string" ? decodeBase64(key) : undefined;
  if (typeof key_id === "string" && bytes?.length === sodium.crypto_box_PUBLICKEYBYTES)
    return { keyId: key_id, key: bytes };
  throw new StoreFault("GitHub's public key cannot be used");
}

/** Seals a value so that only GitHub can open it; this program itself cannot any more. Standard base64. */
export function seal(value: string, { key }: PublicKey): string {
  return sodium.to_base64(sodium.crypto_box_seal(value, key), sodium.base64_variants.ORIGINAL);
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return sodium.from_base64(text, sodium.base64_variants.ORIGINAL);
  } catch {
    return undefined;
  }
}
