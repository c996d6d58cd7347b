import { pageTables } from "../../__tests__/helpers/page-tables";
import { tlsTables } from "../../__tests__/helpers/tls/tls-cell";
import { tlsMatrix } from "../../__tests__/tls/tls-matrix";

/** `npm run tls-table`: the tables of docs/tls.md, every cell tried anew; `-- --write` puts them there. */
async function main(): Promise<void> {
  const cells = await tlsMatrix();
  const wrong = cells.filter(
    ({ certificate, outcome }) => outcome !== (certificate === "for the host" ? "accepted" : "refused"),
  );
  console.log(`${tlsTables(cells)}\n\n${cells.length - wrong.length} of ${cells.length} as they must be.`);
  for (const { way, target, certificate, outcome, said } of wrong)
    console.error(
      `${way}: ${target}, a certificate ${certificate}: ${outcome}. ${said.trim().split("\n")[0]}`,
    );
  if (process.argv.includes("--write")) pageTables("tls.md").write("tls", tlsTables(cells));
  if (wrong.length > 0) process.exitCode = 1;
}

void main();
