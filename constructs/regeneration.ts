import type { Construct } from "constructs";
import { parseRegion } from "../scripts/core/regions";
import type { RegenerationProps } from "./client-props";
import { LeakGuard } from "./leak-guard";
import { RegenerationProgram } from "./regeneration-program";
import { Rotation } from "./rotation";
import { addRunner, OWN_ID, ownTrigger, type Runner } from "./runner";
import { claimStores, storesForProgram } from "./store-list";
import { jsonWords } from "./template-text";
import { isUnresolved } from "./unresolved";

/** Id of the client, or ids of both twins. */
type ClientIds = readonly [string, string?];

/**
 * Guards the stack, and adds the resource whose creation regenerates the client's secret and stores it. It is created
 * anew when one of its triggers changes: the client, its stores or its rotation. Nothing that an upgrade of this
 * package changes may become a trigger, or an upgrade would rotate everybody's secrets.
 * @param clientIds the client, or both twins
 */
export function addRegeneration(scope: Construct, clientIds: ClientIds, props: RegenerationProps): Runner {
  const [clientId, twinId] = clientIds;
  LeakGuard.of(scope);
  claimStores(scope, props.stores);
  if (props.onDestroy === "remove") {
    addRemoval(scope, "removal", clientId, props);
    if (twinId !== undefined) addRemoval(scope, "twin-removal", twinId, props);
  }
  const rotation = (props.rotation ?? Rotation.onClientChange()).triggerIn(scope);
  return addRunner(scope, "regeneration", {
    runner: props.runner,
    triggers: {
      client_id: clientId,
      ...(twinId !== undefined && { twin_id: twinId }),
      // As the user wrote them: where the output folder lies is no reason to rotate.
      stores: props.stores.map((store) => store.uri).join("\n"),
      rotation,
    },
    provisioner: {
      command: commandLine(scope, "regenerate", props),
      // No value may be sensitive: Terraform would hide all of the program's progress, and keep the value in its plan.
      environment: {
        TARGET_CLIENT_ID: clientId,
        ...(twinId !== undefined && { TARGET_TWIN_ID: twinId }),
        SECRET_STORES: storesForProgram(scope, props.stores),
        SECRET_ROTATION: rotation,
        SECRET_OWNER: ownerOf(scope),
        SECRET_RUNNER_ID: OWN_ID,
        ...(props.takeOver && { SECRET_TAKE_OVER: props.takeOver }),
        ...CALM_NODE,
        // The blank in front: CDKTF's HCL would write a list, which no variable can be.
        ...(props.then && { SECRET_THEN: ` ${jsonWords(props.then)}` }),
        ...(props.verify && { SECRET_VERIFY: props.verify }),
        ...(props.region && regionVariables(props.region)),
        ...(props.adminCredentials && {
          GENESYS_SECRET_ADMIN_ID_VARIABLE: props.adminCredentials.clientIdVariable,
          GENESYS_SECRET_ADMIN_SECRET_VARIABLE: props.adminCredentials.clientSecretVariable,
        }),
      },
    },
  });
}

/**
 * Adds the resource whose destruction takes the client's document out of its stores. It is one of its own: the other
 * is replaced with every rotation, which must leave the document where it is. Of twins each has one: a client
 * becomes a twin, and a twin is replaced, without the other's document being taken away.
 */
function addRemoval(scope: Construct, id: string, clientId: string, props: RegenerationProps): void {
  addRunner(scope, id, {
    runner: props.runner,
    triggers: { client_id: clientId },
    provisioner: {
      when: "destroy",
      command: commandLine(scope, "remove", props),
      environment: {
        // Terraform allows nothing but the resource itself here.
        TARGET_CLIENT_ID: ownTrigger(props.runner, "client_id"),
        SECRET_STORES: storesForProgram(scope, props.stores),
        SECRET_RUNNER_ID: OWN_ID,
        ...CALM_NODE,
      },
    },
  });
}

/**
 * The same line in sh and in Windows' cmd. Without Node.js its echo is the last thing that the user reads.
 * `|| exit` passes the program's exit code on; it is there because a shell replaces itself with the last
 * command of its line, and on Ctrl-C Terraform kills what it started at once: that must stay the shell, not
 * the program, which may be between Genesys Cloud's answer and the stores.
 */
function commandLine(scope: Construct, command: string, { stores }: RegenerationProps): string {
  const program = RegenerationProgram.of(scope).pathFor(stores);
  return `echo Starting genesys-secret, which needs Node.js 20 or newer on the PATH && node ${program} ${command} || exit`;
}

/** Tells the program where it runs, and takes from Node.js what can make it print a secret: empty is as good as absent. */
const CALM_NODE = { GENESYS_SECRET_UNDER_TERRAFORM: "1", NODE_OPTIONS: "", NODE_DEBUG: "" };

/**
 * What the documents that this construct writes name as their owner: no other stack, construct or workspace of this
 * app has the same. The construct's path begins with the stack's name.
 */
function ownerOf({ node }: Construct): string {
  return `terraform:\${terraform.workspace}:${node.path.replace(/[$%](?=\{)/g, "$&$&")}`;
}

/** Both variables, or the program would refuse a stack's region that differs from the one in the user's environment. */
function regionVariables(region: string): Record<string, string> {
  const name = isUnresolved(region) ? region : parseRegion(region).name;
  return { GENESYSCLOUD_REGION: name, GENESYS_CLOUD_REGION: name };
}
