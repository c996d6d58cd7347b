import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine";
import { startStandInProviders } from "../providers";
import type { Project } from "./project";

/** The app's providers: source to version constraint. */
const SOURCES: Readonly<Record<string, string>> = {
  "hashicorp/null": "~> 3.2",
  "mypurecloud/genesyscloud": "~> 1.82",
};

export interface AppProviders {
  /** What the engine needs in its environment to use them. */
  readonly environment: NodeJS.ProcessEnv;
  /** For the user: "hashicorp/null: the engine's own; mypurecloud/genesyscloud: stand-in". */
  readonly summary: string;
  close(): Promise<void>;
}

/**
 * Chooses the providers: what the engine can get by itself, from its registry or a mirror, goes first; where it
 * cannot, the sandbox's stand-ins are attached.
 * @param environment what the stand-ins configure themselves from
 */
export async function chooseProviders(
  engine: Engine,
  project: Project,
  environment: NodeJS.ProcessEnv,
): Promise<AppProviders> {
  const obtainable: { source: string; own: boolean }[] = [];
  // One after the other: they share the cache, so that the deployment does not fetch again what was found here.
  for (const [source, version] of Object.entries(SOURCES)) {
    const folder = mkdtempSync(join(project.folder, "tmp", "init-"));
    const required = { probe: { source, version } };
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: required } }),
    );
    const { code } = await project.run(engine.binary, ["init", "-backend=false", "-input=false"], {
      cwd: folder,
    });
    obtainable.push({ source, own: code === 0 });
  }
  const summary = obtainable.map(
    ({ source, own }) => `${source}: ${own ? "the engine's own" : "the sandbox's stand-in"}`,
  );
  if (obtainable.every(({ own }) => own))
    return { environment: {}, summary: summary.join("; "), close: async () => {} };

  const standIns = await startStandInProviders({ environment, registryHost: engine.registryHost });
  const attachments = Object.entries(JSON.parse(standIns.reattach)).filter(([address]) =>
    obtainable.some(({ source, own }) => !own && address.endsWith(`/${source}`)),
  );
  return {
    environment: { TF_REATTACH_PROVIDERS: JSON.stringify(Object.fromEntries(attachments)) },
    summary: summary.join("; "),
    close: () => standIns.close(),
  };
}
