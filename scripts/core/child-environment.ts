/** Names of the variables that no child process inherits. */
export interface CredentialVariables {
  /** Never passed on, whoever asks. */
  readonly admin: readonly string[];
  /** Passed on only when named. */
  readonly stores: readonly string[];
}

/**
 * The environment for a child process: this process's own, without the credentials of the admin and of the stores.
 * Values of an --env-file are not in it.
 * @param pass names of stores' variables to pass on all the same; the admin's never are
 */
export function childEnvironment(
  withheld: CredentialVariables,
  pass: readonly string[] = [],
): NodeJS.ProcessEnv {
  const names = new Set([...withheld.admin, ...withheld.stores.filter((name) => !pass.includes(name))]);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)));
}
