import type { FleetClient } from "./engine/fleet";
import { file } from "./stores/on-this-machine";
import { engineLines, engineMarkdown, groupTable, markdownTable, totalOf } from "./table";

const long = `before PUT /repos/acme/shop/actions/secrets/${"GENESYS_SECRET_".repeat(6)}#1`;
const group = {
  target: { name: "file", kinds: [file] },
  start: "stored" as const,
  results: [
    { place: "before stderr #1", left: "alive" as const, problems: [] },
    { place: long, left: "dead" as const, problems: ["after the next run: dead"] },
  ],
  unsteady: ["before utimes ./orders.json.lock #2"],
};
const struck = { name: "shipping" } as FleetClient;
const trial = {
  victim: "everything" as const,
  place: long,
  struck,
  healedBy: "doctor" as const,
  problems: [],
};

test("the table has a line for each point, at most 80 columns, and what is broken says why", () => {
  const lines = groupTable(group).split("\n");
  expect(lines[0]).toBe("file, a secret stored: 1 of 2 healed by one rerun");
  expect(lines[1]).toMatch(/^ {2}before stderr #1 +alive {2}healed$/);
  expect(lines[2]).toMatch(/^ {2}before PUT \/repos.*….*_#1 dead {3}BROKEN$/);
  expect(lines[3]).toBe("    ! after the next run: dead");
  expect(lines[4]).toBe("  not in every healthy run, left out: before utimes ./orders.json.lock #2");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(totalOf([group, group])).toEqual({ points: 4, healed: 2 });
});

test("the table is the same under an engine", () => {
  const line = engineLines(trial);
  expect(line).toMatch(/^ {2}everything shipping before PUT .*….* healed by doctor$/);
  expect(line.length).toBeLessThanOrEqual(80);
  expect(engineLines({ ...trial, problems: ["was not reached"] })).toMatch(/BROKEN\n {4}! was not reached$/);
});

test("the table in Markdown has the counts", () => {
  expect(markdownTable([group]).split("\n").at(-1)).toBe("| file | a secret stored | 2 | 0 | 1 | 1 | 1 |");
  expect(
    engineMarkdown([trial, { ...trial, problems: ["x"] }])
      .split("\n")
      .at(-1),
  ).toBe("| everything | 2 | 0 | 1 |");
});
