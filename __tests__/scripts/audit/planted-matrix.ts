import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodings } from "../../../scripts/audit/encodings";
import type { StoredSecret } from "../../../scripts/audit/stored-secrets";
import { Secret } from "../../../scripts/secret";
import { CHANNELS, inChannel } from "./channels";
import { look } from "./look";

/** As Genesys Cloud makes them. */
const SHAPED = "q7-Zk3_vT9bXw2LmN8cRj5HsYd1FgPe6UaQo4iBtKzM";
/** Of characters that encodings change; a store may hold anything. */
const SPECIAL = 'q7+Zk3/vT9"bXw&2Lm N8cRj%5HsYd1-FgPe6UaQo4iB';

/** The forms that are planted: what is before and after makes base64 begin at any offset. */
export const FORMS: Readonly<Record<string, { readonly secret: string; readonly text: string }>> = {
  raw: { secret: SHAPED, text: SHAPED },
  base64: { secret: SPECIAL, text: Buffer.from(`client:${SPECIAL}\n`).toString("base64") },
  base64url: { secret: SPECIAL, text: Buffer.from(`"${SPECIAL}??>`).toString("base64url") },
  hex: { secret: SPECIAL, text: encodings(SPECIAL).get("hex") as string },
  HEX: { secret: SPECIAL, text: encodings(SPECIAL).get("HEX") as string },
  URL: { secret: SPECIAL, text: encodings(SPECIAL).get("URL-encoded") as string },
  JSON: { secret: SPECIAL, text: encodings(SPECIAL).get("JSON-escaped") as string },
};

const STORED: readonly StoredSecret[] = [SHAPED, SPECIAL].map((value) => ({
  clientId: "00000000-0000-4000-8000-000000000000",
  secret: new Secret(value),
  store: "vault:secret/planted",
}));

/** What became of one planted secret. */
export interface Cell {
  readonly channel: string;
  readonly form: string;
  readonly isFound: boolean;
}

/** Plants a secret in every channel in every form, one at a time, and audits it by value. */
export async function plantedMatrix(): Promise<Cell[]> {
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

/** The matrix as a Markdown table. */
export function matrixTable(cells: readonly Cell[]): string {
  const forms = Object.keys(FORMS);
  const rows = Object.keys(CHANNELS).map((channel) => [
    channel.replaceAll("|", "\\|"),
    ...forms.map((form) =>
      cells.some((cell) => cell.channel === channel && cell.form === form && cell.isFound)
        ? "found"
        : "MISSED",
    ),
  ]);
  return [["planted in", ...forms], ["---", ...forms.map(() => "---")], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
