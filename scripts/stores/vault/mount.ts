import * as z from "zod/mini";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { Attempts, VaultClient } from "./api";

const MountAnswer = z.object({
  data: z.object({
    path: z.string(),
    type: z.string(),
    options: z.nullish(z.object({ version: z.optional(z.string()) })),
  }),
});
/** Where an entry is. */
export interface EntryPlace {
  /** Name of the mount, without a slash at its end. */
  readonly mount: string;
  /** Path below the mount. */
  readonly path: string;
}

/**
 * Finds the mount that a path leads to; a mount's name may hold slashes.
 * @param segments as the store URI gives them: a first one that holds a slash is the whole name of the mount
 * @throws {StoreFault} when there is none that the token has rights in, or it is no KV version 2
 */
export async function locateEntry(
  client: VaultClient,
  segments: readonly string[],
  attempts: Attempts,
): Promise<EntryPlace> {
  const [first, ...rest] = segments as [string, ...string[]];
  const named = first.includes("/") ? first.replace(/\/$/, "") : undefined;
  const whole = [named ?? first, ...rest].join("/");
  const path = `sys/internal/ui/mounts/${whole}`;
  const { status, body } = await client.send({ method: "GET", path, ...attempts });
  if (status === 403)
    throw new StoreFault(
      "no secrets engine is mounted there in which the token has any rights (403); the mount, the policy or VAULT_NAMESPACE is wrong",
    );
  const answer = MountAnswer.safeParse(body);
  if (status !== 200 || !answer.success)
    throw new StoreFault(
      `the server does not say what is mounted there (${status}): VAULT_ADDR is no Vault or OpenBao`,
    );
  const { path: mountPath, type, options } = answer.data.data;
  const mount = mountPath.replace(/\/+$/, "");
  if (!whole.startsWith(`${mount}/`) || (named !== undefined && named !== mount))
    throw new StoreFault(
      `what is mounted there is "${printable(mount)}", not "${printable(named ?? first)}"`,
    );
  assertKv2(mount, type, options?.version);
  const below = whole.slice(mount.length + 1);
  if (named === undefined) assertNotOfApi(mount, below);
  return { mount, path: below };
}

function assertKv2(mount: string, type: string, version: string | undefined): void {
  if (type === "kv" && version === "2") return;
  const name = printable(mount);
  throw new StoreFault(
    type === "kv" || type === "generic"
      ? `"${name}" is a KV version 1 secrets engine, and version 2 is needed (vault kv enable-versioning ${name})`
      : `"${name}" is a secrets engine of the type "${printable(type)}", not KV version 2`,
  );
}

/** People know the path that the API and policies have. Taken as it is, it would lead to "data/data/". */
function assertNotOfApi(mount: string, path: string): void {
  const [, meant] = /^data\/(.+)$/.exec(path) ?? [];
  if (meant === undefined) return;
  const uri = (name: string, below: string): string =>
    `vault:${[name, ...below.split("/")].map(encodeURIComponent).join("/")}`;
  throw new StoreFault(
    `"data/" belongs to the API's path, not to the entry's: write ${uri(mount, meant)}, or, for an entry whose path really begins with data/, ${uri(mount.includes("/") ? mount : `${mount}/`, path)}`,
  );
}
