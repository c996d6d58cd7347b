import * as z from "zod/mini";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { Attempts, VaultClient } from "./api";
import type { Kv2Version } from "./kv2-entry";
import type { EntryPlace } from "./mount";

/** A setting is in the way; the remedy is a command. */
export class SettingFault extends StoreFault {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

const Settings = z.object({ data: z.object({ delete_version_after: z.string() }) });
const NEVER = "0s";

/**
 * Makes sure that a new version will stay: an entry, or its whole mount, may be set to delete each version after a time.
 * A token that may read neither setting cannot tell, unless the present version is to be deleted, too; then the answer of
 * the write tells (see `deletionWarning`).
 * @throws {SettingFault} when it will be deleted
 */
export async function assertVersionsStay(
  client: VaultClient,
  { mount, path }: EntryPlace,
  present: Kv2Version,
  attempts: Attempts,
): Promise<void> {
  const setting = async (where: string): Promise<string | undefined> => {
    const { status, body } = await client.send({ method: "GET", path: where, ...attempts });
    if (status === 404) return NEVER;
    const answer = Settings.safeParse(body);
    return status === 200 && answer.success ? answer.data.data.delete_version_after : undefined;
  };
  const ofMount = await setting(`${mount}/config`);
  // Less than nothing switches it off in the whole mount.
  if (ofMount?.startsWith("-")) return;
  const ofEntry = await setting(`${mount}/metadata/${path}`);
  if (ofEntry !== undefined && ofEntry !== NEVER)
    throw new SettingFault(
      deletes(`${mount}/${path}`, ofEntry),
      `Run \`${metadataCommand(mount, path)}\`, or name another entry; then run again.`,
    );
  if (ofMount !== undefined && ofMount !== NEVER)
    throw new SettingFault(
      deletes(mount, ofMount),
      `Name another mount, or, if no other entry needs it, run \`vault write ${word(`${mount}/config`)} delete_version_after=0s\`; then run again.`,
    );
  const isKnown = ofMount !== undefined && ofEntry !== undefined;
  if (!isKnown && present.deletionTime && present.text !== undefined)
    throw new SettingFault(
      `its present version will be deleted at ${printable(present.deletionTime)}, and the token cannot tell whether a new one will be`,
      `Give the token read on ${mount}/metadata/${path} and ${mount}/config, then run again.`,
    );
}

/** What to say of a version that was just written and will be deleted; undefined when it stays. */
export function deletionWarning(
  { mount, path }: EntryPlace,
  { version, deletionTime }: Pick<Kv2Version, "version" | "deletionTime">,
): string | undefined {
  if (!deletionTime) return undefined;
  const when = printable(deletionTime);
  return `version ${version}, which holds the secret, will be deleted at ${when}, as delete_version_after of the entry or of its mount says; run \`${metadataCommand(mount, path)}\` or \`vault write ${word(`${mount}/config`)} delete_version_after=0s\`, and rotate before that time`;
}

function deletes(what: string, after: string): string {
  return `"${printable(what)}" is set to delete each version ${printable(after)} after it was written, and the secret with it`;
}

function metadataCommand(mount: string, path: string): string {
  return `vault kv metadata put -mount=${word(mount)} -delete-version-after=0s ${word(path)}`;
}

/** A word of a shell's command. */
function word(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
}
