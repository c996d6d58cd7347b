import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreSite, TortureStore } from "./torture-store";

const NAME = "orders.json";
/** Numbers that no JavaScript number holds, and a layout of their own. */
const OTHERS = '{ "tenant":12345678901234567890,\t"note" : "theirs"';

/** `file:`, in a folder of its own. */
export function fileStore({ folder }: StoreSite, name = NAME): TortureStore {
  const path = join(folder, name);
  return {
    kind: "file",
    uri: `file:${path}`,
    readable: true,
    environment: {},
    credentials: [],
    holds: () => {
      if (!existsSync(path)) return undefined;
      const text = readFileSync(path, "utf8");
      return text.trim() === "" ? undefined : JSON.parse(text).client_secret;
    },
    seedOthers: () => writeFileSync(path, `${OTHERS}}\n`, { mode: 0o600 }),
    others: () => String(existsSync(path) && readFileSync(path, "utf8").startsWith(OTHERS)),
    residue: () => [
      ...readdirSync(folder).filter((found) => found !== name),
      ...(existsSync(path) && (statSync(path).mode & 0o777) !== 0o600 ? [`${name} is not of mode 0600`] : []),
    ],
    close: async () => {},
  };
}
