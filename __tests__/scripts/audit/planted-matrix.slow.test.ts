import { type Cell, matrixTable } from "../../helpers/planted-matrix";
import { plantedPage } from "../../helpers/planted-page";
import { CHANNELS } from "./channels";
import { auditMatrix, FORMS } from "./planted-matrix";

describe("a secret that a store holds is found by value", () => {
  let cells: readonly Cell[];
  beforeAll(async () => {
    cells = await auditMatrix();
  });

  test.each(Object.keys(CHANNELS))("%s, in every form", (channel) => {
    const found = cells.filter((cell) => cell.channel === channel && cell.isFound).map(({ form }) => form);
    expect(found).toEqual(Object.keys(FORMS));
  });

  test("the table in docs/ is this one (npm run planted-matrix -- --write)", () => {
    expect(plantedPage.table("audit")).toBe(matrixTable(cells));
  });
});
