import type { Engine } from "../engine";
import type { Sandbox } from "../org";
import { chooseProviders } from "../providers/choose";
import { sweep } from "../sweep/sweep";
import { demonstrateAudit } from "./leaked-state";
import type { Project } from "./project";
import type { Proof } from "./proof";

const DEPLOY = ["deploy", "*", "--auto-approve", "--skip-provider-lock"];

/** The whole story: deploys the app against the sandbox three times, audits a state that leaks, and proves what happened. */
export async function demonstrateWithEngine(
  engine: Engine,
  project: Project,
  sandbox: Sandbox,
): Promise<Proof[]> {
  const settings = { ...process.env, ...sandbox.environment };
  const providers = await chooseProviders(engine, project.environment(), settings, project.interruption);
  try {
    console.log(`Engine: ${engine.name} ${engine.version}. Providers: ${providers.summary}.\n`);
    const outputs: string[] = [];
    const deploy = async (title: string): Promise<string> => {
      console.log(`> ${title}`);
      const environment = { ...providers.environment, TERRAFORM_BINARY_NAME: engine.binary };
      const { code, output } = await project.cdktf(DEPLOY, environment, showProgress);
      if (code !== 0) throw new Error(`cdktf deploy ended with ${code}:\n${output}`);
      console.log();
      outputs.push(output);
      return output;
    };

    await deploy("cdktf deploy: creates the client, then replaces the secret it was born with");
    const first = project.storedDocument();
    const [bornWith] = secretsOf(sandbox, first.client_id);
    const created: Proof[] = [
      {
        claim: `the client exists: ${sandbox.client(first.client_id)?.name}`,
        holds: sandbox.client(first.client_id) !== undefined,
      },
      {
        claim: "the secret it was born with is dead",
        holds: !sandbox.accepts(first.client_id, bornWith as string),
      },
      {
        claim: "the secret in the store logs in",
        holds: sandbox.accepts(first.client_id, first.client_secret),
      },
    ];

    const second = await deploy("cdktf deploy again: nothing to do");
    const unchanged = project.storedDocument();
    const idle = /No changes/.test(second) && unchanged.regenerated_at === first.regenerated_at;

    project.setRotation("2");
    await deploy('cdktf deploy with "rotation": "2" in cdktf.json: rotates');
    const rotated = project.storedDocument();
    const rotates =
      rotated.client_secret !== first.client_secret &&
      sandbox.accepts(rotated.client_id, rotated.client_secret) &&
      !sandbox.accepts(first.client_id, first.client_secret);

    const secrets = [...sandbox.everySecretEver().map(({ secret }) => secret), ...sandbox.everyTokenEver()];
    const swept = sweep({ folders: [project.folder], texts: { output: outputs.join("\n") } }, secrets);
    const leaks = swept.findings.filter((finding) => !finding.startsWith(`${project.storePath}:`));
    return [
      ...created,
      { claim: "a second apply changes nothing", holds: idle },
      { claim: "a new rotation version rotates, and kills the secret before it", holds: rotates },
      {
        claim: `no secret in any file but the store (${swept.files} files, ${megabytes(swept.bytes)} searched), nor in the output`,
        holds: leaks.length === 0,
      },
      ...(await demonstrateAudit(engine, project, sandbox, providers.environment)),
    ];
  } finally {
    await providers.close();
  }
}

/** Of all that cdktf prints, the lines that tell the story. */
function showProgress(line: string): void {
  const [, said] = /\(local-exec\):\s*(.+)$/.exec(line) ?? [];
  if (said && !/^Executing:/.test(said)) console.log(`  ${said}`);
  else if (/(Creation|Destruction) complete|No changes|Apply complete/.test(line))
    console.log(`  ${line.replace(/^\s*dev\s+/, "").trim()}`);
}

function secretsOf(sandbox: Sandbox, clientId: string): string[] {
  return sandbox.everySecretEver().flatMap((issued) => (issued.clientId === clientId ? [issued.secret] : []));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
