import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreSite, TortureStore } from "./torture-store";

/** How the program fails that a `command:` store starts: before it keeps anything, after it, or by hanging. */
export type CommandTrouble = "fails" | "keeps and fails" | "hangs";

export interface CommandStore extends TortureStore {
  /** From here on it fails so often. */
  fail(how: CommandTrouble, times: number): void;
  mend(): void;
}

/** Each line of the file `trouble` is how it fails once. */
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
how=$(head -n 1 "$here/trouble")
sed -i 1d "$here/trouble"
case "$how" in
  fails) exit 1;;
  hangs) exec sleep 20;;
esac
cat > "$here/held"
[ -z "$how" ]
`;

/** `command:`, a shell script that keeps its standard input in a file. */
export function commandStore({ folder }: StoreSite): CommandStore {
  const [script, held, trouble] = ["keep", "held", "trouble"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(script, SCRIPT);
  chmodSync(script, 0o755);
  writeFileSync(trouble, "");
  return {
    kind: "command",
    uri: `command:${JSON.stringify([script])}?timeout=1`,
    readable: false,
    environment: {},
    credentials: [],
    holds: () => (existsSync(held) ? readFileSync(held, "utf8") : "") || undefined,
    residue: () => [],
    fail: (how, times) => writeFileSync(trouble, `${how}\n`.repeat(times)),
    mend: () => writeFileSync(trouble, ""),
    close: async () => {},
  };
}
