import { Readable } from "node:stream";
import { Audit } from "../../../scripts/audit/audit";
import type { Findings } from "../../../scripts/audit/findings";
import { readInputs } from "../../../scripts/audit/inputs";
import { Meter } from "../../../scripts/audit/meter";
import type { StoredSecret } from "../../../scripts/audit/stored-secrets";

/** An audit in this process. */
export async function look(
  paths: readonly string[],
  options: { stdin?: string | Buffer; stored?: readonly StoredSecret[]; git?: boolean } = {},
): Promise<Findings> {
  return new Audit({
    inputs: await readInputs(paths),
    stored: options.stored ?? [],
    storeFiles: [],
    withHistory: options.git ?? false,
    meter: new Meter(process.stderr),
    stdin: Readable.from([Buffer.from(options.stdin ?? "")]),
    environment: process.env,
  }).run();
}
