import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../engine";
import type { Sandbox } from "../org";
import { findSecrets } from "../sweep/find-secrets";
import type { Project } from "./project";
import type { Proof } from "./proof";

const TYPE = "genesyscloud_oauth_client";

/** As somebody wrote it who had no SecureOAuthClient. */
const LEGACY = {
  terraform: {
    required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud", version: "~> 1.82" } },
  },
  provider: { genesyscloud: [{ gateway: [{}] }] },
  resource: {
    [TYPE]: {
      legacy: {
        name: "legacy-client",
        authorized_grant_type: "CLIENT-CREDENTIALS",
        expose_client_secret: true,
      },
    },
  },
};

/**
 * A state that holds a live secret, as the provider makes one: an audit finds it, kills it, and then finds it dead.
 * @param environment what the engine needs to find its providers
 */
export async function demonstrateAudit(
  engine: Engine,
  project: Project,
  sandbox: Sandbox,
  environment: NodeJS.ProcessEnv,
): Promise<Proof[]> {
  const folder = join(project.folder, "legacy");
  mkdirSync(folder);
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(LEGACY));
  console.log(`> ${engine.name.toLowerCase()} apply: elsewhere, a client with expose_client_secret = true\n`);
  for (const args of [
    ["init", "-input=false"],
    ["apply", "-auto-approve", "-input=false"],
  ]) {
    const { code, output } = await project.run(engine.binary, args, { cwd: folder, environment });
    if (code !== 0) throw new Error(`${engine.binary} ${args[0]} ended with ${code}:\n${output}`);
  }
  const client = sandbox.clients().find(({ name }) => name === "legacy-client");
  if (!client) throw new Error("The provider made no client.");
  const leaked = sandbox.liveSecret(client.id);

  const outputs: string[] = [];
  const audit = async (...args: string[]) => {
    console.log(`> genesys-secret audit ${args.join(" ")}`);
    const ended = await project.program(["audit", ...args], (line) => console.log(`  ${line}`));
    console.log();
    outputs.push(ended.output);
    return ended;
  };
  const state = "legacy/terraform.tfstate";
  const first = await audit("--check-live", state);
  const killed = await audit("--kill", `${client.id}=file:./secrets/legacy.json`, state);
  const second = await audit("--check-live", state);

  const stored = JSON.parse(readFileSync(join(project.folder, "secrets/legacy.json"), "utf8")).client_secret;
  const isMasked = findSecrets(outputs.join("\n"), [leaked, stored]).length === 0;
  return [
    {
      claim:
        "audit finds the secret that expose_client_secret left in a state, alive; it shows no part of it",
      holds:
        first.code === 10 &&
        first.output.includes(`${TYPE}.legacy`) &&
        /^ALIVE/m.test(first.output) &&
        isMasked,
    },
    {
      claim: "audit --kill kills it, and the store holds a new one that logs in",
      holds: killed.code === 0 && !sandbox.accepts(client.id, leaked) && sandbox.accepts(client.id, stored),
    },
    { claim: "a second audit says dead", holds: second.code === 0 && /^dead/m.test(second.output) },
  ];
}
