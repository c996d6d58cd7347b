import { type Cell, matrixTable } from "../../__tests__/helpers/planted-matrix";
import { plantedPage } from "../../__tests__/helpers/planted-page";
import { sweepMatrix } from "../../__tests__/sandbox/sweep/planted-matrix";
import { auditMatrix } from "../../__tests__/scripts/audit/planted-matrix";

/** `npm run planted-matrix`: the tables of docs/planted-matrix.md, every cell tried anew; `-- --write` puts them there. */
async function main(): Promise<void> {
  const matrices = { audit: await auditMatrix(), sweep: sweepMatrix() } as const;
  for (const name of ["audit", "sweep"] as const) {
    const cells: readonly Cell[] = matrices[name];
    const found = cells.filter(({ isFound }) => isFound).length;
    console.log(`${matrixTable(cells)}\n\n${name}: ${found} of ${cells.length} found.\n`);
    if (process.argv.includes("--write")) plantedPage.write(name, matrixTable(cells));
    if (found < cells.length) process.exitCode = 1;
  }
}

void main();
