/** A message for the user, as the engine prints it. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail?: string;
  readonly attribute?: { readonly steps: readonly { readonly attribute_name: string }[] };
}

/** A foreseeable failure; its texts are printed as they are, so neither may hold a secret. */
export class ProviderError extends Error {
  constructor(
    summary: string,
    readonly detail?: string,
  ) {
    super(summary);
  }
}

/** The diagnostic for a failure. */
export function errorDiagnostic(error: unknown): Diagnostic {
  if (error instanceof ProviderError)
    return { severity: "ERROR", summary: error.message, detail: error.detail };
  // A defect of ours. Only its kind is told: the text of a foreign error may quote what it choked on.
  const name = error instanceof Error ? error.name : typeof error;
  const where =
    error instanceof Error ? (error.stack?.split("\n").find((line) => /^ +at /.test(line)) ?? "") : "";
  return { severity: "ERROR", summary: `The stand-in provider failed: ${name}`, detail: where.trim() };
}

/** The diagnostic for a value that its attribute does not take. */
export function invalidAttribute(name: string, summary: string): Diagnostic {
  return { severity: "ERROR", summary, attribute: { steps: [{ attribute_name: name }] } };
}
