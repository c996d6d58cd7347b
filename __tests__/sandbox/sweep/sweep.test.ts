import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSecrets } from "../../../sandbox/sweep/find-secrets";
import { sweep } from "../../../sandbox/sweep/sweep";
import { describeUnlessMissing, missingStrace } from "../../helpers/engines";
import { type Cell, matrixTable } from "../../helpers/planted-matrix";
import { plantedPage } from "../../helpers/planted-page";
import { CHANNELS, type Channel } from "./channels";
import { FORMS, findingsIn, SECRET, sweepMatrix } from "./planted-matrix";

describe("a planted secret is found", () => {
  test.each([...FORMS.keys()])("in the form %s", (name) => {
    const form = FORMS.get(name) as string;
    const alike = [...FORMS].filter(([, other]) => other === form).map(([other]) => `secret 0, ${other}`);
    const [found, ...others] = findSecrets(`before ${form} after`, [SECRET]);
    expect(alike).toContain(found);
    expect(others).toEqual([]);
  });

  test.each([0, 1, 2, 3, 4, 5])("inside a longer base64 text, when it begins %i bytes in", (bytes) => {
    const text = Buffer.from(`${"x".repeat(bytes)}${SECRET} and more`).toString("base64");
    expect(findSecrets(text, [SECRET])).not.toEqual([]);
  });
});

describeUnlessMissing(missingStrace, "in every place that a run could leave it", () => {
  let cells: readonly Cell[];
  beforeAll(() => {
    cells = sweepMatrix();
  });

  test.each(Object.keys(CHANNELS))("%s, in every form", (name) => {
    const found = cells.filter(({ channel, isFound }) => channel === name && isFound);
    expect(found.map(({ form }) => form)).toEqual([...FORMS.keys()]);
  });

  test.each(Object.keys(CHANNELS))("%s, where it is another's: nothing", (name) => {
    const { inPlace, elsewhere, bytes } = findingsIn(CHANNELS[name] as Channel, "another's");
    expect([...inPlace, ...elsewhere]).toEqual([]);
    expect(bytes).toBeGreaterThan(0);
  });

  test("the table in docs/ is this one (npm run planted-matrix -- --write)", () => {
    expect(plantedPage.table("sweep")).toBe(matrixTable(cells));
  });
});

test("which secret it is, is told by its number; the secret is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "genesys-secret-sweep-"));
  try {
    writeFileSync(join(folder, "x"), SECRET);
    const { findings, files } = sweep({ folders: [folder] }, ["first-secret", SECRET]);
    expect({ findings, files }).toEqual({ findings: [`${join(folder, "x")}: secret 1, raw`], files: 1 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
