/** What the program's exit codes mean. `regenerate` uses all but the last two; docs/errors.md has the whole table. */
export const EXIT = {
  done: 0,
  defect: 1,
  usage: 2,
  authentication: 3,
  permission: 4,
  client: 5,
  storeNotReady: 6,
  unavailable: 7,
  notStored: 8,
  notVerified: 9,
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 143,
  /** Of `verify`, `doctor` and `audit`. */
  findings: 10,
  /** Of `run`, when it did not start the command. */
  notStarted: 125,
} as const;
