import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Place, recordedPlaces, type Victim } from "../recorded-program";
import type { Fleet, FleetClient } from "./fleet";

/** How long the engine may take to save its state when a client's program has ended. */
const SAVING_MS = 15_000;

export interface EngineTrial {
  readonly victim: Victim;
  readonly place: Place;
  /** The client that is struck; the one before it has ended by then, the one after it has not got anywhere. */
  readonly struck: FleetClient;
}

export interface EngineTrialResult extends EngineTrial {
  readonly healedBy: "apply" | "doctor";
  /** What was not as it must be; empty when all was healed. */
  readonly problems: readonly string[];
}

/** The places of each client's program when all are rotated and nobody is killed. */
export async function recordFleet(fleet: Fleet): Promise<ReadonlyMap<FleetClient, readonly Place[]>> {
  const { result, logs } = fleet.startRotation({});
  const { code, output } = await result;
  if (code !== 0) throw new Error(`a healthy rotation ended with ${code}\n${output}`);
  return new Map(fleet.clients.map((client) => [client, recordedPlaces(logs, client.id)]));
}

/** Rotates all clients, kills when the struck one has come to its place, applies again, and judges by the stores. */
export async function strike(fleet: Fleet, trial: EngineTrial): Promise<EngineTrialResult> {
  const { victim, place, struck } = trial;
  const running = fleet.startRotation({ kill: place, client: struck.id, victim });
  const letGo = holdStages(fleet, trial, running.logs);
  await running.result;
  await fleet.allEnded();
  letGo();

  const problems: string[] = [];
  if (!recordedPlaces(running.logs, struck.id).includes(place)) problems.push("was not reached");
  problems.push(...fleet.leaks().map((leak) => `after the kill: ${leak}`));
  const again = await fleet.apply();
  if (again.code !== 0) problems.push(`the next apply ended with ${again.code}`);
  const ill = fleet.clients.filter((client) => !fleet.isDone(client));
  // Whoever kills the engine may leave it a state that says more than was done: then an apply has nothing to do.
  if (ill.length > 0 && (victim === "program" || victim === "shell"))
    problems.push(`the next apply did not heal ${ill.map(({ name }) => name).join()}`);
  for (const client of ill) problems.push(...(await healByDoctor(fleet, client)));
  problems.push(...fleet.leaks().map((leak) => `after the next apply: ${leak}`));
  return { ...trial, healedBy: ill.length > 0 ? "doctor" : "apply", problems };
}

async function healByDoctor(fleet: Fleet, client: FleetClient): Promise<string[]> {
  const problems: string[] = [];
  const { code: found } = await fleet.doctor(client);
  if (client.name !== "shipping" && found !== 10)
    problems.push(`doctor found nothing of ${client.name}: ${found}`);
  const { code, stderr } = await fleet.doctor(client, "--heal", "--rotate");
  if (code !== 0) problems.push(`doctor --heal --rotate of ${client.name} ended with ${code}: ${stderr}`);
  if (!fleet.isDone(client)) problems.push(`doctor --heal --rotate did not heal ${client.name}`);
  return problems;
}

/**
 * Holds requests so that the three clients are at different stages when the blow falls: the one before the struck
 * has ended and the engine has saved its state with that, the one after it has not found its client yet.
 * @returns a function that ends this
 */
function holdStages(fleet: Fleet, { struck, place }: EngineTrial, logs: string): () => void {
  const { clients, sandbox } = fleet;
  const at = clients.indexOf(struck);
  const ahead = clients.at(at - 1) as FleetClient;
  let over = false;
  const until = async (condition: () => boolean, limit = Number.POSITIVE_INFINITY): Promise<void> => {
    const end = performance.now() + limit;
    while (!over && !condition() && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const removeListener = sandbox.onRequest(async ({ path }) => {
    const asking = clients.find(({ id }) => path === `/api/v2/oauth/clients/${id}`);
    // The provider asks, too, before any program runs.
    if (!asking || asking === ahead || !existsSync(join(logs, asking.id))) return;
    if (asking === struck) await until(() => hasEnded(logs, ahead) && fleet.isSaved(ahead), SAVING_MS);
    else await until(() => recordedPlaces(logs, struck.id).includes(place) || hasEnded(logs, struck));
  });
  return () => {
    over = true;
    removeListener();
  };
}

function hasEnded(logs: string, { id }: FleetClient): boolean {
  const path = join(logs, `${id}.pid`);
  if (!existsSync(path)) return false;
  try {
    process.kill(Number(readFileSync(path, "utf8")), 0);
    return false;
  } catch {
    return true;
  }
}
