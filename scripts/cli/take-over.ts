import type { Environment } from "../core/environment";
import { words } from "../core/words";
import type { TakeOver } from "../rotation/foreign-documents";
import type { StoreUri } from "../stores/uri";
import { type RegenerateFlags, readTakeOver, readTarget, underTerraform } from "./run-settings";

/** Whose documents a run of `regenerate` may replace. */
export function takeOverOf(
  flags: RegenerateFlags,
  environment: Environment,
  uris: readonly StoreUri[],
  rotation: string | null,
): TakeOver {
  const allowed = readTakeOver(flags, environment);
  if (underTerraform(environment))
    return {
      allowed,
      howTo: (id) =>
        `set SECRET_TAKE_OVER=${id} for the next terraform apply, or takeOver: "${id}" in the stack.`,
    };
  const { clientId, clientName, twinId } = readTarget(flags, environment);
  const given: readonly (readonly [string, string | null | undefined])[] = [
    ["--client-id", clientId],
    ["--client-name", clientName],
    ["--twin-id", twinId],
    ["--region", flags.region],
    ["--rotation", rotation],
    ...uris.map(({ text }) => ["--store", text] as const),
    ["--env-file", flags.envFile],
    ["--verify", flags.verify],
    ["--then", flags.then],
    ["--retry-timeout", flags.retryTimeout],
    ["--verify-timeout", flags.verifyTimeout],
    ...allowed.map((id) => ["--take-over", id] as const),
  ];
  const switches = [
    ["--again", flags.again],
    ["--dry-run", flags.dryRun],
    ["--rehearse", flags.rehearse],
    ["--json", flags.json],
  ] as const;
  const flagsAgain = [
    ...given.flatMap(([name, value]) => (value === undefined || value === null ? [] : [name, value])),
    ...switches.flatMap(([name, isOn]) => (isOn ? [name] : [])),
  ];
  return {
    allowed,
    howTo: (id) => `${words(["genesys-secret", "regenerate", ...flagsAgain, "--take-over", id])}`,
  };
}
