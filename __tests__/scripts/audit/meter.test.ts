import { Meter } from "../../../scripts/audit/meter";

function shownOn(isTTY: boolean): string {
  let shown = "";
  const stream = { isTTY, columns: 40, write: (text: string) => (shown += text) };
  const meter = new Meter(stream as unknown as NodeJS.WriteStream);
  meter.begin(`a\u001b[31mfile ${"x".repeat(100)}`);
  meter.read(12_000_000);
  meter.end();
  return shown;
}

test("progress is one line of a terminal, harmless, cut to its width, and gone at the end", () => {
  const [, line = "", end] = shownOn(true).split("\r\u001b[K");
  expect(line).toMatch(/^12 MB searched: a\\u001b\[31mfile x+$/);
  expect(line.length).toBeLessThan(40);
  expect(end).toBe("");
});

test("elsewhere nothing is shown", () => {
  expect(shownOn(false)).toBe("");
});
