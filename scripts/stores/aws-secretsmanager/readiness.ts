import { notReady } from "../store";
import type { StoreUri } from "../uri";
import type { SecretState } from "./api";

/**
 * Refuses a secret that cannot be written, whoever asks.
 * @param region the region that is asked
 * @throws {StoreNotReadyError}
 */
export function assertWritable(
  uri: StoreUri,
  { deleted, owner, primaryRegion }: SecretState,
  region: string,
): void {
  if (deleted)
    throw notReady(
      uri,
      "it is scheduled for deletion",
      "Restore it (aws secretsmanager restore-secret) or name another secret, then run again.",
    );
  if (owner !== undefined)
    throw notReady(uri, "another AWS service manages it", "Name a secret of your own, then run again.");
  if (primaryRegion !== undefined && primaryRegion !== region)
    throw notReady(
      uri,
      "it is a replica, which cannot be written",
      "Name the region of its primary secret by the option region, then run again.",
    );
}
