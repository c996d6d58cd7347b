import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Scheme } from "../../../scripts/stores/schemes";
import type { OneClient } from "../one-client";
import { type Outcome, refusedWrite } from "../store-rows";
import { FILE_CONDITIONS, type FileCondition, under } from "./conditions";

/** A store that is one file of the client's folder. */
export interface FileStoreUnderTest {
  readonly uri: string;
  /** The file, in a folder of its own. */
  readonly file: string;
  /** What others have in it. */
  readonly text: string;
  environment?(): Record<string, string>;
}

/** A row for each of the conditions; where the run is refused, the file is what it was and the old secret logs in. */
export function refusedFiles(
  store: Scheme,
  one: OneClient,
  { uri, file, text, environment = () => ({}) }: FileStoreUnderTest,
  conditions: readonly FileCondition[] = FILE_CONDITIONS,
): void {
  for (const each of conditions) {
    const { condition, place, exit, calls, says, missing, cannotBe } = each;
    const run = async (): Promise<Outcome> => {
      const path = one.path(file);
      mkdirSync(dirname(path), { recursive: true });
      if (place === "exists") writeFileSync(path, text, { mode: 0o600 });
      const { before, result } = await under(each, path, async (starter) => ({
        before: textOf(path),
        result: await one.regenerateBehind(starter, uri, environment()),
      }));
      one.expectDiscreet(result);
      for (const words of says) expect(result.stderr).toContain(words);
      expect(leftBeside(path)).toEqual([]);
      if (exit === undefined) {
        expect(one.accepts(one.bornWith)).toBe(true);
        expect(textOf(path)).toBe(before);
      }
      return one.outcome(result);
    };
    refusedWrite({ store, condition, place, exit, calls }, run, missing, cannotBe);
  }
}

/** What the file holds; undefined when there is none. */
function textOf(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
}

/** What a run has left beside the file that is not empty: a folder may forbid to remove it. */
function leftBeside(path: string): string[] {
  const left = readdirSync(dirname(path)).filter((name) => name.includes(".genesys-secret.tmp"));
  return left.filter((name) => statSync(join(dirname(path), name)).size > 0);
}
