import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodings } from "../../../sandbox/sweep/encodings";
import { sweep } from "../../../sandbox/sweep/sweep";
import type { Cell } from "../../helpers/planted-matrix";
import { CHANNELS, type Channel } from "./channels";

/** Of characters that every encoding changes. */
export const SECRET = `a+b/c"d\\e f&ü'g-0123456789-abcdefghij`;
export const FORMS = encodings(SECRET);

/** Where a sweep for the secret finds something, of what a channel leaves. */
export function findingsIn(
  channel: Channel,
  text: string,
): { inPlace: string[]; elsewhere: string[]; bytes: number } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "genesys-secret-sweep-")));
  try {
    const { findings, bytes } = sweep(channel.plant(folder, text), [SECRET]);
    const isInPlace = (finding: string): boolean =>
      finding.startsWith(channel.place.replace("FOLDER", folder));
    return {
      inPlace: findings.filter(isInPlace),
      elsewhere: findings.filter((finding) => !isInPlace(finding)),
      bytes,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Plants a secret in every channel in every form, one at a time, and sweeps. */
export function sweepMatrix(): Cell[] {
  return Object.entries(CHANNELS).flatMap(([channel, way]) =>
    [...FORMS].map(([form, text]) => ({ channel, form, isFound: findingsIn(way, text).inPlace.length > 0 })),
  );
}
