import { UsageError } from "./errors";
import { printable } from "./printable";

/** A Genesys Cloud region. */
export interface Region {
  /** AWS name, as the Terraform provider takes it: "us-east-1". */
  readonly name: string;
  /** Domain of its hosts: "mypurecloud.com". */
  readonly domain: string;
}

// Source: the regions of the Terraform provider and the official SDKs.
const DOMAINS: ReadonlyMap<string, string> = new Map([
  ["us-east-1", "mypurecloud.com"],
  ["us-east-2", "use2.us-gov-pure.cloud"],
  ["us-west-2", "usw2.pure.cloud"],
  ["ca-central-1", "cac1.pure.cloud"],
  ["sa-east-1", "sae1.pure.cloud"],
  ["mx-central-1", "mxc1.pure.cloud"],
  ["eu-west-1", "mypurecloud.ie"],
  ["eu-west-2", "euw2.pure.cloud"],
  ["eu-central-1", "mypurecloud.de"],
  ["eu-central-2", "euc2.pure.cloud"],
  ["eusc-de-east-1", "edee1.eusc-pure.cloud"],
  ["me-central-1", "mec1.pure.cloud"],
  ["ap-southeast-1", "apse1.pure.cloud"],
  ["ap-southeast-2", "mypurecloud.com.au"],
  ["ap-northeast-1", "mypurecloud.jp"],
  ["ap-northeast-2", "apne2.pure.cloud"],
  ["ap-northeast-3", "apne3.pure.cloud"],
  ["ap-south-1", "aps1.pure.cloud"],
]);

/** The region meant when none is named. */
export const DEFAULT_REGION = "us-east-1";

/**
 * Reads a region by its AWS name or its domain, in any case.
 * @throws {UsageError} when it is neither; the message lists all.
 */
export function parseRegion(text: string): Region {
  const wanted = text.trim().toLowerCase();
  for (const [name, domain] of DOMAINS) {
    if (wanted === name || wanted === domain) return { name, domain };
  }
  const known = [...DOMAINS].map(([name, domain]) => `${name} (${domain})`).join(", ");
  throw new UsageError(`The region "${printable(text)}" is unknown; known are ${known}.`);
}
