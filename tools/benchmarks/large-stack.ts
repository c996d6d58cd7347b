import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { Project } from "../../sandbox/demo/project";
import { findEngines } from "../../sandbox/engine";
import { startSandbox } from "../../sandbox/org";
import { chooseProviders } from "../../sandbox/providers/choose";

// `npm run benchmark:stack [-- CLIENTS...]`: stacks of so many clients, made, planned, rotated and destroyed
// by the engine against the sandbox, beside the same stack whose null_resources start a shell and nothing else.

const ROOT = join(__dirname, "../..");
const counts = process.argv.slice(2).map(Number);
const [engine] = findEngines();
if (!engine) throw new Error("Neither terraform nor tofu is on the PATH.");

interface Cost {
  readonly wall: number;
  /** Of the engine and all that it started: user and system. */
  readonly cpu: number;
}

/** An app of one stack with so many clients; `bare` takes the program out, and leaves Terraform and the shell. */
function app(clients: number, bare: boolean): string {
  return `
    import { App, LocalBackend, TerraformStack } from ${JSON.stringify(require.resolve("cdktf"))};
    import { GenesyscloudProvider, Rotation, SecretStore, SecureOAuthClient } from ${JSON.stringify(join(ROOT, "constructs"))};
    const app = new App();
    const stack = new TerraformStack(app, "dev");
    new LocalBackend(stack, { path: "../../../terraform.dev.tfstate" });
    new GenesyscloudProvider(stack, "genesyscloud", { gateway: [{}] });
    const rotation = Rotation.version(String(stack.node.getContext("rotation")));
    for (let i = 0; i < ${clients}; i += 1) {
      const stores = [SecretStore.file(\`./secrets/\${i}.json\`)];
      const { regeneration } = new SecureOAuthClient(stack, \`c\${i}\`, { name: \`client \${i}\`, stores, rotation });
      if (${bare}) regeneration.addOverride("provisioner.0.local-exec.command", "exit 0");
    }
    app.synth();`;
}

async function measure(clients: number, bare: boolean): Promise<void> {
  const sandbox = await startSandbox();
  const project = new Project({ ...sandbox.environment });
  const providers = await chooseProviders(engine as never, project.environment(), {
    ...process.env,
    ...sandbox.environment,
  });
  const main = join(project.folder, "main.ts");
  writeFileSync(main, app(clients, bare));

  const timed = async (command: string, cwd = project.folder): Promise<Cost> => {
    const script = `TIMEFORMAT='cost %R %U %S'; time ${command} >/dev/null`;
    const options = { cwd, environment: providers.environment };
    const { code, output } = await project.run("bash", ["-c", script], options);
    const [, wall, user, system] = /cost ([\d.]+) ([\d.]+) ([\d.]+)/.exec(output) ?? [];
    if (code !== 0 || wall === undefined) throw new Error(`${command}: ${output.slice(-2_000)}`);
    return { wall: Number(wall), cpu: Number(user) + Number(system) };
  };
  const run = (command: string): Promise<Cost> =>
    timed(`${engine?.binary} ${command} -input=false`, project.stackFolder);
  const regenerated = (): number =>
    sandbox.journal.filter(({ path, status }) => path.endsWith("/secret") && status === 200).length;

  const synth = async (version: string): Promise<Cost> => {
    project.setRotation(version, main);
    return timed(`${process.execPath} ${join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf")} synth`);
  };
  try {
    const phase = async (name: string, work: () => Promise<Cost>): Promise<void> => {
      const before = regenerated();
      const { wall, cpu } = await work();
      const ran = bare ? "exit 0" : "the program";
      const cells = [clients, ran, name, wall.toFixed(1), cpu.toFixed(1), regenerated() - before];
      process.stdout.write(`| ${cells.join(" | ")} |\n`);
    };
    await phase("synth", () => synth("1"));
    await run("init");
    await phase("apply: made, and rotated", () => run("apply -auto-approve"));
    await phase("plan: nothing to do", () => run("plan -detailed-exitcode"));
    await synth("2");
    await phase("apply: rotated", () => run("apply -auto-approve"));
    await phase("destroy", () => run("destroy -auto-approve"));
  } finally {
    await providers.close();
    await sandbox.close();
    project.remove();
  }
}

async function main(): Promise<void> {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(
    `${engine?.name} ${engine?.version}, Node.js ${process.version}, ${cpus().length} x ${cpu?.model}, ${memory} GB\n\n` +
      "| clients | local-exec | phase | wall, s | CPU, s | secrets |\n|---|---|---|---|---|---|\n",
  );
  for (const clients of counts.length > 0 ? counts : [100, 1_000]) {
    await measure(clients, false);
    await measure(clients, true);
  }
}

void main();
