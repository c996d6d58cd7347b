import type { IncomingHttpHeaders } from "node:http";

/** A whole answer, of whatever status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came: nothing is unpacked. */
  readonly body: Buffer;
}
