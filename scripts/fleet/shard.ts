import { createHash } from "node:crypto";
import { UsageError } from "../core/errors";
import { printable } from "../core/printable";

/** A part of a fleet: the first of two is 1/2. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** Reads a shard such as "2/5". @throws {UsageError} when it is none */
export function parseShard(text: string): Shard {
  const [, part, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  if (!(shard.part >= 1 && shard.part <= shard.of)) {
    throw new UsageError(
      `--shard must be PART/OF with PART from 1 to OF, such as 2/5; it is "${printable(text)}".`,
    );
  }
  return shard;
}

/**
 * Whether a client belongs to a shard. Only the client itself decides, so that machines whose manifests differ by
 * other clients still agree.
 * @param key what tells the client from all others
 */
export function isInShard(key: string, { part, of }: Shard): boolean {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % of === part - 1;
}
