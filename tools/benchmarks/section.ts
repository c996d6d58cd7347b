/** A row of a benchmark: what was measured, and how it stands to the section's measure. */
export interface Row {
  readonly name: string;
  /** The cells after the name, in the order of the section's columns. */
  readonly cells: readonly string[];
  /** Compared to the row that is the measure of the section, for the plot. @default - not drawn */
  readonly ratio?: number;
}

/** What one benchmark found out. */
export interface Section {
  readonly title: string;
  /** What was run, in a sentence or two of Markdown. */
  readonly setting: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** What was promised, and whether it is so. */
  readonly verdicts: readonly string[];
}

export function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}

export function ratio(value: number): string {
  return value.toFixed(2);
}

/** "0.42, promised at most 0.5: kept" */
export function verdict(what: string, value: number, most: number): string {
  return `${what}: ${ratio(value)}, promised at most ${most}: ${value <= most ? "kept" : "**not kept**"}.`;
}
