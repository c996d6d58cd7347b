import type { SchemeGrammar } from "../scripts/stores/grammar";
import { SCHEMES } from "../scripts/stores/schemes";

/** `docs/store-options.md`, from the grammar itself: `npx tsx docs/store-options.ts > docs/store-options.md`. */
export function storeOptions(): string {
  const sections = Object.entries<SchemeGrammar>(SCHEMES).map(([scheme, { form, summary, options }]) => {
    const rows = Object.entries(options).map(
      ([name, rule]) => `| \`${name}\` | ${rule.replaceAll("|", "\\|")} |`,
    );
    const table = rows.length > 0 ? ["| option | |", "|---|---|", ...rows].join("\n") : "No options.";
    return `## ${scheme}:\n\n\`${form}\`: ${summary}.\n\n${table}\n`;
  });
  const head =
    "# The stores and their options\n\n" +
    "Options follow a store's URI as a query: `aws-ssm:/genesys/orders?region=eu-central-1&create=true`. Reserved\n" +
    "characters are percent-encoded. In a stack they are props of `SecretStore`'s factories.\n";
  return [head, ...sections].join("\n");
}

if (require.main === module) process.stdout.write(storeOptions());
