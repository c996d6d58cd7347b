import type { Sandbox } from "../org";
import type { Project } from "./project";
import type { Proof } from "./proof";

/** What can be shown without Terraform: the synthesis, and the program by itself. */
export async function demonstrateWithoutEngine(project: Project, sandbox: Sandbox): Promise<Proof[]> {
  console.log("> cdktf synth: needs no engine and no account");
  const synth = await project.cdktf(["synth"]);
  if (synth.code !== 0) throw new Error(`cdktf synth ended with ${synth.code}:\n${synth.output}`);
  console.log(`  ${project.stackFolder.replace(`${project.folder}/`, "")}\n`);

  const client = sandbox.addClient({ name: "Terraform-Managed-CI-Client" });
  const args = [
    "regenerate",
    "--client-name",
    "Terraform-Managed-CI-Client",
    "--store",
    `file:${project.storePath}`,
  ];
  console.log(`> genesys-secret ${args.slice(0, 3).join(" ")} …`);
  const { code, output } = await project.program(args, (line) =>
    console.log(`  ${line.replaceAll(project.folder, ".")}`),
  );
  if (code !== 0) throw new Error(`genesys-secret ended with ${code}:\n${output}`);
  console.log();
  const { client_secret } = project.storedDocument();
  return [
    { claim: "the app synthesizes", holds: true },
    {
      claim: "the secret that the client was born with is dead",
      holds: !sandbox.accepts(client.id, client.secret),
    },
    { claim: "the secret in the store logs in", holds: sandbox.accepts(client.id, client_secret) },
    { claim: "the secret is not in the output", holds: !output.includes(client_secret) },
  ];
}
