import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodings } from "../../../sandbox/sweep/encodings";
import { findSecrets } from "../../../sandbox/sweep/find-secrets";
import { sweep } from "../../../sandbox/sweep/sweep";
import { describeUnlessMissing, missingStrace } from "../../helpers/engines";
import { CHANNELS } from "./channels";

// Characters that every encoding changes.
const SECRET = `a+b/c"d\\e f&ü'g-0123456789-abcdefghij`;
const FORMS = encodings(SECRET);

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sweep-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a planted secret is found", () => {
  test.each([...FORMS.keys()])("%s", (name) => {
    const form = FORMS.get(name) as string;
    const alike = [...FORMS].filter(([, other]) => other === form).map(([other]) => `secret 0, ${other}`);
    const [found, ...others] = findSecrets(`before ${form} after`, [SECRET]);
    expect(alike).toContain(found);
    expect(others).toEqual([]);
  });

  test.each([0, 1, 2, 3, 4, 5])("inside a longer base64 text, %i bytes in", (bytes) => {
    const text = Buffer.from(`${"x".repeat(bytes)}${SECRET} and more`).toString("base64");
    expect(findSecrets(text, [SECRET])).not.toEqual([]);
  });
});

describeUnlessMissing(missingStrace, "in every place that a run could leave it, in every form", () => {
  test.each(Object.keys(CHANNELS))("%s", (name) => {
    const { place, plant } = CHANNELS[name] as (typeof CHANNELS)[string];
    const found = [...FORMS].filter(([, form]) => {
      const { findings } = sweep(plant(folder, form), [SECRET]);
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      return findings.some((finding) => finding.startsWith(place.replace("FOLDER", folder)));
    });
    expect(found.map(([form]) => form)).toEqual([...FORMS.keys()]);
  });

  test.each(Object.keys(CHANNELS))("%s: nothing where it is another's", (name) => {
    const { findings, bytes } = sweep(
      (CHANNELS[name] as (typeof CHANNELS)[string]).plant(folder, "another's"),
      [SECRET],
    );
    expect(findings).toEqual([]);
    expect(bytes).toBeGreaterThan(0);
  });
});

test("which secret it is, is told by its number; the secret is not", () => {
  writeFileSync(join(folder, "x"), SECRET);
  const { findings, files } = sweep({ folders: [folder] }, ["first-secret", SECRET]);
  expect({ findings, files }).toEqual({ findings: [`${join(folder, "x")}: secret 1, raw`], files: 1 });
});
