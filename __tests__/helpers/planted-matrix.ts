/** What became of one planted secret. */
export interface Cell {
  /** The way in which it got somewhere. */
  readonly channel: string;
  /** How it was written. */
  readonly form: string;
  readonly isFound: boolean;
}

/** Cells as a Markdown table: a row a channel, a column a form. */
export function matrixTable(cells: readonly Cell[]): string {
  const forms = [...new Set(cells.map(({ form }) => form))];
  const found = new Set(
    cells.filter(({ isFound }) => isFound).map(({ channel, form }) => `${channel}\n${form}`),
  );
  const rows = [...new Set(cells.map(({ channel }) => channel))].map((channel) => [
    channel.replaceAll("|", "\\|"),
    ...forms.map((form) => (found.has(`${channel}\n${form}`) ? "found" : "MISSED")),
  ]);
  return [["planted in", ...forms], ["---", ...forms.map(() => "---")], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
