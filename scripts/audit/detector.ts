import type { Found } from "./sighting";

/** A part of a stream: `bytes` up to `end`, of which what begins from `from` to `to` is to be looked at. */
export interface Window {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly end: number;
  /** Where the first byte stands in the whole stream. */
  readonly offset: number;
}

/** Finds secrets in a window, whatever the format of what surrounds them. */
export interface Detector {
  /** How many bytes after its beginning a secret may need to be seen. */
  readonly lookAhead: number;
  search(window: Window, found: Found): void;
}
