import type { SchemeRow } from "../scripts/stores/grammar";
import { SCHEMES } from "../scripts/stores/schemes";

/** `docs/store-options.md`, from the rows themselves: `npx tsx docs/store-options.ts > docs/store-options.md`. */
export function storeOptions(): string {
  const sections = Object.entries<SchemeRow>(SCHEMES).map(([scheme, row]) => {
    const rows = Object.entries(row.options).map(
      ([name, { help }]) => `| \`${name}\` | ${help.replaceAll("|", "\\|")} |`,
    );
    const table = rows.length > 0 ? ["| option | |", "|---|---|", ...rows].join("\n") : "No options.";
    return `## ${scheme}:\n\n\`${row.form}\`: ${row.summary}.\n\n${facts(row)}\n\n${table}\n`;
  });
  const head =
    "# The stores and their options\n\n" +
    "Options follow a store's URI as a query: `aws-ssm:/genesys/orders?region=eu-central-1&create=true`. Reserved\n" +
    "characters are percent-encoded. In a stack they are props of `SecretStore`'s factories.\n";
  return [head, ...sections].join("\n");
}

/** What a store that cannot be read does not know. */
const UNSEEN = "another client's secret is not seen: it is replaced.";

/** What the row says besides its options, a line each. */
function facts(row: SchemeRow): string {
  const bare = row.bareWith ? `; with \`?${row.bareWith}=\` a bare value, which cannot` : "";
  const withheld = [...row.credentials, ...(row.credentialFiles ?? [])];
  return [
    `- Holds ${row.holds}, which ${row.readable ? "can" : "cannot"} be read back${bare}.`,
    row.refusedUnderTerraform && `- Not under Terraform: ${row.refusedUnderTerraform}.`,
    withheld.length > 0 && `- Withheld from children: ${listed(withheld)}.`,
    row.policy && `- Needs: ${listed(row.policy)}.`,
    !row.readable && `- Whether it holds ${UNSEEN}`,
    row.bareWith && `- Whether a bare value is ${UNSEEN}`,
    row.notRehearsed && `- Not tried before the secret is replaced: ${row.notRehearsed}.`,
  ]
    .filter(Boolean)
    .join("\n");
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

if (require.main === module) process.stdout.write(storeOptions());
