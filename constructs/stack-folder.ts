import { join, relative, sep } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * Path from the folder Terraform runs a stack in (`cdktf.out/stacks/<stack>`) to the project's folder, in which the
 * app is synthesized: "../../..". Being relative, it is the same wherever the project lies.
 */
export function pathFromStackToProject(scope: Construct): string {
  const stackFolder = join(App.of(scope).outdir, "stacks", TerraformStack.of(scope).node.id);
  return relative(stackFolder, process.cwd()).split(sep).join("/");
}
