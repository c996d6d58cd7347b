import { HIDDEN } from "../../core/printable";
import type { SchemeGrammar } from "../grammar";

/** `file:`, a JSON document in a file of mode 0600. */
export const FILE = {
  form: "file:/abs/path.json, file:~/path.json or file:./path.json",
  summary: "a JSON document in a file of mode 0600",
  options: {},
  parse: (body) => {
    const path = decode(body);
    if (path === undefined) return { reason: "its percent-encoding is broken, or hides a control character" };
    if (!/^(\/|~\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(path))
      return { reason: 'the path must start with "/", "~/" or "./"' };
    if (/[\\/]$/.test(path)) return { reason: "the path names a folder, not a file" };
    return { canonical: encodePath(path), target: path };
  },
} as const satisfies SchemeGrammar;

/** The URI of a file; reserved characters of the path are encoded. */
export function formatFileUri(path: string): string {
  return `file:${encodePath(path)}`;
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

const ENCODED = new RegExp(`[%?# ]|${HIDDEN.source}`, "gu");

function encodePath(path: string): string {
  // Half a character has no encoding; it is refused when the URI is read.
  return path.replace(ENCODED, (one) => (/\p{Cs}/u.test(one) ? one : encodeURIComponent(one)));
}
