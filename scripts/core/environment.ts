import { readFileSync } from "node:fs";
import { UsageError } from "./errors";
import { loadPart } from "./load-part";
import { printable } from "./printable";

/** Variables as the program sees them: the process's own, over those of an --env-file. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment completed by an env file. What the process already has wins, as with every dotenv
 * tool; the file's values never enter `process.env`, so no child inherits them.
 * @param file path of a dotenv file; none when undefined
 * @throws {UsageError} when the file cannot be read
 */
export async function loadEnvironment(file: string | undefined): Promise<Environment> {
  // A copy: what is taken from libraries for a while (withoutAdmin) is not taken from us.
  if (file === undefined) return { ...process.env };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `--env-file: "${printable(file)}" cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  // A CommonJS package, which esbuild gives as a default export only.
  const { default: dotenv } = await loadPart("--env-file", () => import("dotenv"));
  // A variable that is set to nothing counts as absent, as everywhere here: it does not hide the file's.
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value));
  return { ...dotenv.parse(text), ...set };
}

/** A variable's trimmed value, its being empty counting as its being absent. */
export function variable(environment: Environment, name: string): string | undefined {
  // A name that comes from outside may be one that every object has, such as "constructor".
  const value = Object.hasOwn(environment, name) ? environment[name]?.trim() : undefined;
  return value === "" ? undefined : value;
}

/**
 * The value that one of several variables gives.
 * @throws {UsageError} when two of them say different things after `normalize`; the message names both and no value.
 */
export function agreeing<T>(
  environment: Environment,
  names: readonly string[],
  normalize: (value: string, name: string) => T,
): T | undefined {
  let found: { name: string; value: T } | undefined;
  for (const name of names) {
    const text = variable(environment, name);
    if (text === undefined) continue;
    const value = normalize(text, name);
    if (found && JSON.stringify(found.value) !== JSON.stringify(value)) {
      throw new UsageError(
        `The variables ${found.name} and ${name} say different things.`,
        "Unset one of them and run again.",
      );
    }
    found ??= { name, value };
  }
  return found?.value;
}
