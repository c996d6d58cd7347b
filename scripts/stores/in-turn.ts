const last = new Map<string, Promise<unknown>>();

/** Does work on a file when what was begun on it before has ended: a run writes its stores at once, and two may share a file. */
export function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = (last.get(path) ?? Promise.resolve()).then(work, work);
  last.set(path, mine);
  return mine;
}
