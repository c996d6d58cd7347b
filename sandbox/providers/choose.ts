import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../engine";
import { runProcess } from "../run-process";
import { startStandInProviders } from "./start";

/** The app's providers: source to version constraint. */
const SOURCES: Readonly<Record<string, string>> = {
  "hashicorp/null": "~> 3.2",
  "mypurecloud/genesyscloud": "~> 1.82",
};

/** Where a stand-in listens, as an engine wants to be told, by the provider's full address. */
type Attachments = Readonly<Record<string, unknown>>;

/** The providers that an engine is to use. */
export interface ChosenProviders {
  /** What the engine needs in its environment to use them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The stand-ins among them. */
  readonly attachments: Attachments;
  /** For the user: "hashicorp/null: the engine's own; mypurecloud/genesyscloud: the sandbox's stand-in". */
  readonly summary: string;
  close(): Promise<void>;
}

/**
 * Chooses the providers: what the engine can get by itself, from its registry or a mirror, goes first; where it
 * cannot, the sandbox's stand-ins are attached.
 * @param environment the engine's, to find out what it can get
 * @param settings what the stand-ins configure themselves from
 * @param interruption ends an engine that is being asked; then this throws
 */
export async function chooseProviders(
  engine: Engine,
  environment: NodeJS.ProcessEnv,
  settings: NodeJS.ProcessEnv,
  interruption?: AbortSignal,
): Promise<ChosenProviders> {
  const obtainable: { source: string; own: boolean }[] = [];
  // One after the other: they share the cache, so that the deployment does not fetch again what was found here.
  for (const [source, version] of Object.entries(SOURCES))
    obtainable.push({ source, own: await canGet(engine, environment, { source, version }, interruption) });
  const summary = obtainable
    .map(({ source, own }) => `${source}: ${own ? "the engine's own" : "the sandbox's stand-in"}`)
    .join("; ");
  if (obtainable.every(({ own }) => own))
    return { environment: {}, attachments: {}, summary, close: async () => {} };

  const standIns = await startStandInProviders({ environment: settings, registryHost: engine.registryHost });
  const attachments = Object.fromEntries(
    Object.entries(JSON.parse(standIns.reattach)).filter(([address]) =>
      obtainable.some(({ source, own }) => !own && address.endsWith(`/${source}`)),
    ),
  );
  return {
    environment: attached([attachments]),
    attachments,
    summary,
    close: () => standIns.close(),
  };
}

/**
 * What engines of different registries need in the environment that they share: each looks for the addresses of its
 * own registry, and leaves the others alone.
 */
export function attached(attachments: readonly Attachments[]): Readonly<Record<string, string>> {
  const all = Object.assign({}, ...attachments);
  return Object.keys(all).length > 0 ? { TF_REATTACH_PROVIDERS: JSON.stringify(all) } : {};
}

async function canGet(
  engine: Engine,
  env: NodeJS.ProcessEnv,
  provider: { source: string; version: string },
  interruption: AbortSignal | undefined,
): Promise<boolean> {
  const cwd = mkdtempSync(join(env.TMPDIR ?? tmpdir(), "genesys-secret-init-"));
  try {
    const terraform = { required_providers: { probe: provider } };
    writeFileSync(join(cwd, "main.tf.json"), JSON.stringify({ terraform }));
    const { code } = await runProcess(engine.binary, ["init", "-backend=false", "-input=false"], {
      cwd,
      env,
      interruption,
    });
    return code === 0;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
