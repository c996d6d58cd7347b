/** What is read of the report that `jest --json` writes. */
export interface JestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** The tests that were skipped without saying why: what is missing here, or why it cannot be. */
export function unnamedSkips({ testResults }: JestReport): string[] {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, fullName }) => status !== "passed" && status !== "failed" && !isNamed(fullName))
    .map(({ fullName }) => fullName);
}

function isNamed(title: string): boolean {
  return /\[(missing|cannot be): [^\]]+\]/.test(title);
}
