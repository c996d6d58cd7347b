import { variable } from "../core/environment";
import type { StoreContext } from "./store";

const taken = new Map<string, string>();
let working = 0;

/**
 * Does work in which a library may start a tool for a token (`az`, a credential's executable): a child like any other,
 * which does not inherit the admin's credentials. Stores do such work at the same time; the last gives them back.
 */
export async function withoutAdmin<T>(
  { credentialVariables }: Pick<StoreContext, "credentialVariables">,
  work: () => Promise<T>,
): Promise<T> {
  working += 1;
  for (const name of credentialVariables.admin) {
    const value = process.env[name];
    if (value === undefined) continue;
    taken.set(name, value);
    delete process.env[name];
  }
  try {
    return await work();
  } finally {
    working -= 1;
    if (working === 0) {
      Object.assign(process.env, Object.fromEntries(taken));
      taken.clear();
    }
  }
}

/** A variable that only an --env-file gives: the SDKs by themselves see the process's environment only. */
export function variableOfFile({ environment }: StoreContext, name: string): string | undefined {
  return process.env[name] === undefined ? variable(environment, name) : undefined;
}

/**
 * Warns of variables in an --env-file that would be without effect.
 * @param relevant names that the SDK looks at
 * @param known names that the store hands on itself
 */
export function warnOfUnseen(
  context: StoreContext,
  store: string,
  relevant: RegExp,
  known: readonly string[],
): void {
  const unseen = Object.keys(context.environment).filter(
    (name) => relevant.test(name) && !known.includes(name) && variableOfFile(context, name) !== undefined,
  );
  if (unseen.length > 0)
    context.progress.warn(
      `${store}: the SDK does not see ${unseen.join(", ")} of the env file; set it in the environment`,
    );
}
