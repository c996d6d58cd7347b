import { matrixTable, plantedMatrix } from "../__tests__/scripts/audit/planted-matrix";

/** `tsx benchmarks/planted-matrix.ts`: the table of docs/, every cell tried anew. */
async function main(): Promise<void> {
  const cells = await plantedMatrix();
  const found = cells.filter(({ isFound }) => isFound).length;
  console.log(`${matrixTable(cells)}\n\n${found} of ${cells.length} found.`);
  process.exitCode = found === cells.length ? 0 : 1;
}

void main();
