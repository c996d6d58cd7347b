import type { Cell } from "../../tools/node-lines/cells";
import { linesOf } from "../../tools/node-lines/lines";
import { tableOf } from "../../tools/node-lines/page";

test.each(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"])(
  "every line has one pinned release for %s",
  (platform) => {
    const lines = linesOf([], platform);
    expect(lines.map(({ line }) => line)).toEqual(["20", "22", "24", "26"]);
    for (const { version } of lines) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  },
);

test("a line or a platform that is not there is refused with those that are", () => {
  expect(() => linesOf(["24", "25"], "linux-x64")).toThrow('"25" is not a line; there are: 20, 22, 24, 26');
  expect(() => linesOf([], "sunos-x64")).toThrow("for sunos-x64, only for: linux-x64");
  expect(linesOf(["24"], "linux-x64").map(({ line }) => line)).toEqual(["24"]);
});

test("the table says what passed, what failed and what was skipped on each line", () => {
  const cell = (name: string, passed: number, failed: number, skipped = 0): Cell => ({
    name,
    passed,
    failed,
    skipped,
  });
  const [line] = linesOf(["22"], "linux-x64");
  if (!line) throw new Error("no line 22");
  const cells = [
    cell("demo", 1, 0),
    cell("program's tests", 300, 2, 1),
    cell("synth", 0, 1),
    cell("deploy", 1, 0),
  ];
  expect(tableOf([{ line, cells }]).split("\n").at(-1)).toBe(
    `| ${line.version} | passed | 300 passed, **2 failed**, 1 skipped | **failed** | passed |`,
  );
});
