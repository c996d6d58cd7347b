import { DefectError, type ErrorDetails, GenesysSecretError } from "./errors";

/**
 * An unforeseen fault in words that cannot hold a secret: its kind, its code and the places in the code, never its
 * message, which may quote what the program was working on.
 */
export function describeDefect(fault: unknown): string {
  if (!(fault instanceof Error)) return `a thrown ${typeof fault}`;
  const code = (fault as NodeJS.ErrnoException).code;
  const places = (fault.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 4);
  return [`${fault.name}${code === undefined ? "" : ` ${code}`}`, ...places.map((line) => line.trim())].join(
    " ",
  );
}

/** An error as it is where it was foreseen, else as a defect, with these details. */
export function asKnown(fault: unknown, details: Omit<ErrorDetails, "code">): GenesysSecretError {
  if (fault instanceof GenesysSecretError) return fault;
  return new DefectError(`A defect of this program: ${describeDefect(fault)}.`, {
    code: "ERR_DEFECT",
    ...details,
  });
}
