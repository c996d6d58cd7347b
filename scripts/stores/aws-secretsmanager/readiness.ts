import { printable } from "../../core/printable";
import { notReady } from "../store";
import type { StoreUri } from "../uri";
import type { SecretState } from "./api";

/**
 * Refuses a secret that cannot be written, or that somebody else is rotating, whoever asks.
 * @param region the region that is asked
 * @throws {StoreNotReadyError}
 */
export function assertWritable(
  uri: StoreUri,
  { deleted, owner, primaryRegion, foreign }: SecretState,
  region: string,
): void {
  const id = uri.target as string;
  const named = `--region ${region} --secret-id ${id}`;
  if (deleted)
    throw notReady(
      uri,
      "it is scheduled for deletion",
      `Restore it (aws secretsmanager restore-secret ${named}) or name another secret, then run again.`,
    );
  if (owner !== undefined)
    throw notReady(uri, "another AWS service manages it", "Name a secret of your own, then run again.");
  if (primaryRegion !== undefined && primaryRegion !== region)
    throw notReady(
      uri,
      "it is a replica, which cannot be written",
      "Name the region of its primary secret by the option region, then run again.",
    );
  if (foreign === undefined) return;
  const version = printable(foreign);
  throw notReady(
    uri,
    `another rotation is under way: its version ${version} is AWSPENDING`,
    `Wait until that has ended, then run again. If nobody finishes it: aws secretsmanager update-secret-version-stage ${named} --version-stage AWSPENDING --remove-from-version-id ${version}`,
  );
}
