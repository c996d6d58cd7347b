import { CHANNELS } from "./channels";
import { type Cell, FORMS, plantedMatrix } from "./planted-matrix";

describe("a secret that a store holds is found by value", () => {
  let cells: readonly Cell[];
  beforeAll(async () => {
    cells = await plantedMatrix();
  }, 180_000);

  test.each(Object.keys(CHANNELS))("%s, in every form", (channel) => {
    const found = cells.filter((cell) => cell.channel === channel && cell.isFound).map(({ form }) => form);
    expect(found).toEqual(Object.keys(FORMS));
  });
});
