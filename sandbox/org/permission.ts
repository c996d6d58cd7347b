/**
 * Whether one of the permissions held covers the one that is needed.
 *
 * @param held such as `oauth:client:view`; `*` in place of a segment stands for all, `*` alone for everything
 */
export function covers(held: readonly string[], needed: string): boolean {
  const wanted = needed.split(":");
  return held.some((permission) => {
    if (permission === "*") return true;
    const segments = permission.split(":");
    return (
      segments.length === wanted.length && segments.every((one, at) => one === "*" || one === wanted[at])
    );
  });
}
