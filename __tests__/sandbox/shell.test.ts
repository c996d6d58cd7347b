import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runProcess } from "../../sandbox/run-process";
import { commandPath } from "../helpers/command-path";
import { describeWithEngine } from "../helpers/engines";
import { PROGRAM } from "../helpers/program";

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-shell-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An engine that says what it is, and cannot get a provider. */
function writeEngine(binary: string, name: "Terraform" | "OpenTofu"): void {
  const script = `#!/bin/sh\n[ "$1" = version ] && echo "${name} v1.12.0" && exit\nexit 1\n`;
  writeFileSync(join(bin, binary), script);
  chmodSync(join(bin, binary), 0o755);
}

/** Runs a line of shell in the sandbox, with the engines of `bin` before any others. */
function inSandbox(line: string) {
  const { TERRAFORM_BINARY_NAME: _, TF_REATTACH_PROVIDERS: __, ...environment } = process.env;
  const env = { ...environment, CI: "1", PATH: `${bin}${delimiter}${process.env.PATH}` };
  return runProcess(process.execPath, [PROGRAM, "sandbox", "--", "sh", "-c", line], { cwd: folder, env });
}

test("a shell in the sandbox has stand-ins for the providers of each engine on PATH", async () => {
  writeEngine("terraform", "Terraform");
  writeEngine("tofu", "OpenTofu");
  const { code, output } = await inSandbox('echo "$TF_REATTACH_PROVIDERS"');
  expect(code).toBe(0);
  expect(output).toMatch(/^Terraform 1\.12\.0; .*mypurecloud\/genesyscloud: the sandbox's stand-in\.$/m);
  expect(output).toMatch(/^OpenTofu 1\.12\.0; .*mypurecloud\/genesyscloud: the sandbox's stand-in\.$/m);
  const attachments = JSON.parse(/^\{.*\}$/m.exec(output)?.[0] as string);
  expect(Object.keys(attachments).sort()).toEqual([
    "registry.opentofu.org/hashicorp/null",
    "registry.opentofu.org/mypurecloud/genesyscloud",
    "registry.terraform.io/hashicorp/null",
    "registry.terraform.io/mypurecloud/genesyscloud",
  ]);
});

test("a shell in the sandbox starts where there is no engine, and says so", async () => {
  // A name that no machine has: only this one is looked for.
  const env = { ...process.env, TERRAFORM_BINARY_NAME: join(bin, "nothing") };
  const argv = [PROGRAM, "sandbox", "--", "sh", "-c", 'echo "attached: $TF_REATTACH_PROVIDERS"'];
  const { code, output } = await runProcess(process.execPath, argv, { cwd: folder, env });
  expect(code).toBe(0);
  expect(output).toContain("No terraform or tofu is on the PATH.");
  expect(output).toContain("attached: \n");
});

describeWithEngine("an engine that is found after another one", (engine) => {
  test("finds its providers in the sandbox, and creates a client there", async () => {
    // The other engine's name belongs to the first; what an engine is, it says itself.
    writeEngine("terraform", engine.name === "Terraform" ? "OpenTofu" : "Terraform");
    symlinkSync(commandPath(engine.binary), join(bin, "tofu"));
    const stack = {
      terraform: {
        required_providers: { genesyscloud: { source: "mypurecloud/genesyscloud", version: "~> 1.82" } },
      },
      provider: { genesyscloud: [{ gateway: [{}] }] },
      resource: {
        genesyscloud_oauth_client: {
          billing: { name: "billing-service", authorized_grant_type: "CLIENT-CREDENTIALS" },
        },
      },
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(stack));
    const { code, output } = await inSandbox(
      "tofu init -input=false -no-color && tofu apply -auto-approve -input=false -no-color",
    );
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    expect(output).toContain("Apply complete! Resources: 1 added");
  });
});
