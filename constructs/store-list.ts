import { posix } from "node:path";
import type { Construct, IConstruct } from "constructs";
import { formatFileUri } from "../scripts/stores/file/grammar";
import { identityOf } from "../scripts/stores/identity";
import { isScheme, rowOf } from "../scripts/stores/schemes";
import { parseStoreUri } from "../scripts/stores/uri";
import type { SecretStore } from "./secret-store";
import { pathFromStackToProject } from "./stack-folder";
import { oneLine } from "./template-text";
import { isUnresolved } from "./unresolved";

/** Who writes which store, for each app: key of the store -> path of the construct. */
const writers = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Notes that the construct writes these stores.
 * @throws {Error} when one of them is written already: each rotation would overwrite the other client's secret.
 */
export function claimStores(scope: Construct, stores: readonly SecretStore[]): void {
  const claimed = writers.get(scope.node.root) ?? new Map<string, string>();
  writers.set(scope.node.root, claimed);
  const { path } = scope.node;
  for (const [index, { uri }] of stores.entries()) {
    const key = identity(uri);
    const other = claimed.get(key);
    if (other === path)
      throw new Error(`${path}: stores must name each store once, got ${uri} again at stores[${index}].`);
    if (other !== undefined) {
      throw new Error(
        `${path}: stores[${index}] must be a store of its own, got ${uri}, which ${other} writes: ` +
          "each would overwrite the other's secret.",
      );
    }
    claimed.set(key, path);
  }
}

/**
 * The URIs as the program needs them, one a line: it runs in the stack's folder, so a path that is relative to the
 * project's folder is made relative to that one.
 */
export function storesForProgram(scope: Construct, stores: readonly SecretStore[]): string {
  const project = formatFileUri(pathFromStackToProject(scope)).slice("file:".length);
  return stores.map(({ uri }) => oneLine(from(project, uri))).join("\n");
}

/** A relative path may hold what only Terraform knows, so that the URI is no more than its text. */
function from(project: string, uri: string): string {
  const [, scheme, path] = /^([^:]*):(\.{1,2}\/.*)$/s.exec(uri) ?? [];
  if (!scheme || !path || !isScheme(scheme) || !rowOf(scheme).localFile) return uri;
  return `${scheme}:${posix.join(project, path)}`;
}

function identity(uri: string): string {
  return isUnresolved(uri) ? uri : identityOf(parseStoreUri(uri));
}
