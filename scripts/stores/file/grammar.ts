import { join, resolve } from "node:path";
import { HIDDEN } from "../../core/printable";
import { decodePrintable, type SchemeRow } from "../grammar";

/** `file:`, a JSON document in a file. */
export const FILE: SchemeRow = {
  form: "file:/abs/path.json, file:~/path.json or file:./path.json",
  summary: "a JSON document in a file, of mode 0600 where it is new",
  example: "./orders.json",
  options: {},
  holds: "the document",
  readable: true,
  localFile,
  credentials: [],
  policy: ["read and write access to the folder", "to own the file that is there, or to be root"],
  notRehearsed: "whether an ACL or extended attributes are kept, without the cp of GNU coreutils",
  parse: (body) => {
    const path = decodePrintable(body);
    if (path === undefined) return { reason: "its percent-encoding is broken, or hides a control character" };
    if (!/^(\/|~\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(path))
      return { reason: 'the path must start with "/", "~/" or "./"' };
    if (/[\\/]$/.test(path)) return { reason: "the path names a folder, not a file" };
    return { canonical: encodePath(path), target: path };
  },
};

/**
 * The absolute path of a file.
 * @param folder where a relative one starts
 */
export function localFile(path: string, folder: string, home: string): string {
  return path.startsWith("~/") ? join(home, path.slice(2)) : resolve(folder, path);
}

/** The URI of a file; reserved characters of the path are encoded. */
export function formatFileUri(path: string): string {
  return `file:${encodePath(path)}`;
}

const ENCODED = new RegExp(`[%?# ]|${HIDDEN.source}`, "gu");

function encodePath(path: string): string {
  // Half a character has no encoding; it is refused when the URI is read.
  return path.replace(ENCODED, (one) => (/\p{Cs}/u.test(one) ? one : encodeURIComponent(one)));
}
