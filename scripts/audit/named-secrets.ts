import { MultiPattern } from "../core/multi-pattern";
import { UUID_FORM } from "../core/patterns";
import type { Detector, Window } from "./detector";
import { isSecretShaped } from "./secret-shape";
import type { Found } from "./sighting";

// What stands between a name and its value: signs, also as URLs, JSON in JSON and HTML write them.
const BETWEEN = String.raw`(?:%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|&(?:quot|#34|#39);|[^A-Za-z0-9])`;
// Signs that a secret may begin with are no separator: the rest of a longer value is no secret.
const VALUE = "(?<![_-])([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])";
const UUID = `(${UUID_FORM})`;

const CLIENT_BEFORE = /client[_\-. ]?$/i;
const CLIENT_AFTER = new RegExp(`^${BETWEEN}{1,64}?${VALUE}`);
/** `"secret": "…"`, as the API answers a client that was made or regenerated; also inside a JSON string. */
const QUOTE_BEFORE = /"$/;
const QUOTED_AFTER = new RegExp(String.raw`^\\*"\s{0,8}:\s{0,8}\\*"${VALUE}`);
/** The new value in a plan's text: `"…" -> "…"`. */
const CHANGED_TO = new RegExp(String.raw`^\\*"?\s{1,4}->\s{1,4}\\*"?${VALUE}`);
const BASIC = /^[^A-Za-z0-9]{1,16}Basic\s+([A-Za-z0-9+/]{107}=)/i;
const PAIR = new RegExp(`^${UUID}:${VALUE}$`);
const CLIENT_ID = new RegExp(String.raw`client[_\-. ]?id${BETWEEN}{1,64}?${UUID}`, "gi");
const PLAIN_ID = new RegExp(String.raw`"id\\*"\s{0,8}:\s{0,8}\\*"${UUID}`, "g");

const KEYWORDS = ["secret", "authorization"];
const BEFORE_BYTES = 48;
const AFTER_BYTES = 256;
/** How far from its secret a client's id is looked for. */
const NEIGHBOURHOOD = 600;

/**
 * Finds what has the shape of a secret and stands behind a name for one, in any text: logs, HCL, environment files,
 * JSON inside of JSON, the MessagePack of a plan; and the id and secret in an HTTP header of a log.
 */
export class NamedSecrets implements Detector {
  readonly lookAhead = NEIGHBOURHOOD + AFTER_BYTES;
  readonly #keywords = new MultiPattern(
    KEYWORDS.map((word) => Buffer.from(word)),
    true,
  );

  search(window: Window, found: Found): void {
    const { bytes, from, to, end } = window;
    this.#keywords.search(bytes, from, to, end, (at, index) => {
      const behind = at + (KEYWORDS[index] as string).length;
      const after = bytes.toString("latin1", behind, Math.min(end, behind + AFTER_BYTES));
      if (index === 1) basic(window, behind, after, found);
      else named(window, at, behind, after, found);
    });
  }
}

function named(window: Window, at: number, behind: number, after: string, found: Found): void {
  const before = window.bytes.toString("latin1", Math.max(0, at - BEFORE_BYTES), at);
  const ofClient = CLIENT_BEFORE.test(before);
  if (!ofClient && !QUOTE_BEFORE.test(before)) return;
  const first = (ofClient ? CLIENT_AFTER : QUOTED_AFTER).exec(after);
  if (!first) return;
  const what = `named ${/[A-Za-z0-9_.-]*$/.exec(before)?.[0] ?? ""}${window.bytes.toString("latin1", at, behind)}`;
  const whose = nearestClient(window, at, ofClient ? CLIENT_ID : PLAIN_ID);
  const tell = (value: string, offset: number): void => {
    if (!isSecretShaped(value)) return;
    found({ value, offset: window.offset + offset, foundBy: "name", what, ...whose });
  };
  const valueEnd = first[0].length;
  tell(first[1] as string, behind + valueEnd - (first[1] as string).length);
  const second = CHANGED_TO.exec(after.slice(valueEnd));
  if (!second) return;
  tell(second[1] as string, behind + valueEnd + second[0].length - (second[1] as string).length);
}

function basic(window: Window, behind: number, after: string, found: Found): void {
  const header = BASIC.exec(after);
  const [, clientId, value] = PAIR.exec(Buffer.from(header?.[1] ?? "", "base64").toString("latin1")) ?? [];
  if (!header || clientId === undefined || value === undefined || !isSecretShaped(value)) return;
  const offset = window.offset + behind + header[0].length - (header[1] as string).length;
  found({ value, offset, foundBy: "name", what: "in an Authorization header", clientId });
}

/** The client whose id stands nearest; `nearest` when there are others, so that it may be the wrong one. */
function nearestClient(
  { bytes, end }: Window,
  at: number,
  ids: RegExp,
): { clientId?: string; nearest?: boolean } {
  const start = Math.max(0, at - NEIGHBOURHOOD);
  const text = bytes.toString("latin1", start, Math.min(end, at + NEIGHBOURHOOD));
  const hits = [...text.matchAll(ids)].map(({ 1: id = "", index = 0 }) => ({
    id: id.toLowerCase(),
    distance: Math.abs(start + index - at),
  }));
  if (hits.length === 0) return {};
  const { id } = hits.reduce((best, hit) => (hit.distance < best.distance ? hit : best));
  return new Set(hits.map((hit) => hit.id)).size === 1 ? { clientId: id } : { clientId: id, nearest: true };
}
