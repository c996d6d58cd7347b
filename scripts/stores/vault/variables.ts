import { agreeing, type Environment, variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";

const TRUE = /^(1|t|true)$/i;
const FALSE = /^(0|f|false)$/i;

/** A variable under Vault's prefix or OpenBao's. @throws {UsageError} when both are set and disagree */
export function vaultVariable(environment: Environment, name: string): string | undefined {
  return agreeing(environment, namesOf(name), (value) => value);
}

/** The name under which a variable is set, for messages; Vault's own where it is not. */
export function vaultName(environment: Environment, name: string): string {
  const names = namesOf(name);
  return names.find((one) => variable(environment, one) !== undefined) ?? names[0];
}

/** @throws {StoreFault} when it is neither yes nor no */
export function vaultFlag(environment: Environment, name: string): boolean {
  const text = vaultVariable(environment, name);
  if (text === undefined || FALSE.test(text)) return false;
  if (TRUE.test(text)) return true;
  throw new StoreFault(`${vaultName(environment, name)} must be true or false, it is "${printable(text)}"`);
}

function namesOf(name: string): readonly [string, string] {
  return [`VAULT_${name}`, `BAO_${name}`];
}
