import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoredSecret } from "../../../scripts/audit/stored-secrets";
import { Secret } from "../../../scripts/core/secret";
import type { Cell } from "../../helpers/planted-matrix";
import { CHANNELS, inChannel } from "./channels";
import { look } from "./look";

/** As Genesys Cloud makes them. */
const SHAPED = "q7-Zk3_vT9bXw2LmN8cRj5HsYd1FgPe6UaQo4iBtKzM";
/** Of characters that encodings change; a store may hold anything. */
const SPECIAL = 'q7+Zk3/vT9"bXw&2Lm N8cRj%5HsYd1-FgPe6UaQo4iB';

type Form = Readonly<{ secret: string; text: string }>;

/** Written by others than the audit's own list of forms. What stands before the secret makes base64 begin at each offset. */
export const FORMS: Readonly<Record<string, Form>> = {
  raw: { secret: SHAPED, text: SHAPED },
  ...inBase("base64"),
  ...inBase("base64url"),
  hex: { secret: SPECIAL, text: Buffer.from(SPECIAL).toString("hex") },
  HEX: { secret: SPECIAL, text: Buffer.from(SPECIAL).toString("hex").toUpperCase() },
  URL: { secret: SPECIAL, text: encodeURIComponent(SPECIAL) },
  JSON: { secret: SPECIAL, text: JSON.stringify(SPECIAL).slice(1, -1) },
};

function inBase(encoding: "base64" | "base64url"): Record<string, Form> {
  const names = ["", "a", "ab"].map((before): [string, Form] => [
    `${encoding} at offset ${before.length}`,
    { secret: SPECIAL, text: Buffer.from(`${before}${SPECIAL}??>`).toString(encoding) },
  ]);
  return Object.fromEntries(names);
}

const STORED: readonly StoredSecret[] = [SHAPED, SPECIAL].map((value) => ({
  clientId: "00000000-0000-4000-8000-000000000000",
  secret: new Secret(value),
  store: "vault:secret/planted",
}));

/** Plants a secret in every channel in every form, one at a time, and audits it by value. */
export async function auditMatrix(): Promise<Cell[]> {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-planted-"));
  const cells: Cell[] = [];
  try {
    for (const [channel, plant] of Object.entries(CHANNELS)) {
      for (const [form, { secret, text }] of Object.entries(FORMS)) {
        const findings = await inChannel(join(folder, "planted"), plant, text, ({ paths, stdin, git }) =>
          look(paths, { stdin, git, stored: STORED }),
        );
        const found = findings.leaks.map((leak) => leak.secret.reveal());
        cells.push({ channel, form, isFound: found.length === 1 && found[0] === secret });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return cells;
}
