import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Annotations, type ISynthesisSession, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import type { OauthClient } from "../.gen/providers/genesyscloud/oauth-client";
import { MANIFEST_FILE, type Manifest, type ManifestClient } from "../scripts/core/manifest-format";
import { parseRegion } from "../scripts/core/regions";
import type { RegenerationProps } from "./client-props";
import { leavesOf } from "./leak-guard/document";
import { KnownSecrets } from "./leak-guard/known-secrets";
import { warnOfRemoteRuns } from "./remote-runs";
import { Rotation } from "./rotation";
import { storesForProgram } from "./store-list";
import { isUnresolved } from "./unresolved";

const ID = "SecureOAuthClientFleet";

/** A client that the stack manages, both of a pair of twins, or the id of one that it does not manage. */
type Who = { readonly clients: readonly [OauthClient, OauthClient?] } | { readonly clientId: string };

/**
 * What `genesys-secret rotate` needs to know of a stack's clients: a synth writes it beside the stack's configuration.
 * The same stack gives the same bytes in any folder, and nothing in it is secret.
 */
export class FleetManifest extends Construct {
  /** The stack's one manifest, made on first use. */
  static of(scope: Construct): FleetManifest {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as FleetManifest) ?? new FleetManifest(stack);
  }

  private readonly entries: { scope: Construct; who: Who; props: RegenerationProps }[] = [];

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session, stack) });
  }

  /** @param scope the construct of the client */
  add(scope: Construct, who: Who, props: RegenerationProps): void {
    this.entries.push({ scope, who, props });
  }

  private write(session: ISynthesisSession, stack: TerraformStack): void {
    for (const { scope, props } of this.entries) warnOfRemoteRuns(scope, props.stores);
    const clients = this.entries.flatMap(({ scope, who, props }) => {
      const entry = manifestClient(scope, who, props);
      if (typeof entry !== "string") return [entry];
      Annotations.of(scope).addWarning(
        `${entry} is known only to Terraform: \`genesys-secret rotate\` leaves this client out, and only Terraform rotates it.`,
      );
      return [];
    });
    const manifest: Manifest = { version: 1, clients };
    // All of it stands in the stack's configuration, too, which the guard refuses next: no file keeps it until then.
    const leaves = leavesOf(manifest);
    const named = clients.flatMap(({ adminCredentials }) => adminCredentials?.clientSecretVariable ?? []);
    if (new KnownSecrets(process.env, [], named).findings(leaves).length > 0) return;
    const folder = join(session.outdir, session.manifest.forStack(stack).workingDirectory);
    writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

/** @returns the prop that cannot be told before Terraform runs, where there is one */
function manifestClient(scope: Construct, who: Who, props: RegenerationProps): ManifestClient | string {
  const [name, twin] = "clients" in who ? who.clients.map((client) => client && nameOf(client)) : [];
  const clientId = "clientId" in who ? who.clientId : undefined;
  const { id, schedule } = props.rotation ?? Rotation.onClientChange();
  const { region, adminCredentials, takeOver, then, verify } = props;
  const told: [string, string | undefined][] = [
    ["name", name],
    ["name", twin],
    ["clientId", clientId],
    ["rotation", id],
    ["region", region],
    ["takeOver", takeOver],
    ...props.stores.map(({ uri }, index): [string, string] => [`stores[${index}]`, uri]),
    ...(then ?? []).map((word, index): [string, string] => [`then[${index}]`, word]),
  ];
  const untold = told.find(([, value]) => value !== undefined && isTemplate(value));
  if (untold) return untold[0];
  return {
    ...(name !== undefined && { name }),
    ...(clientId !== undefined && { clientId }),
    ...(twin !== undefined && { twin }),
    stores: storesForProgram(scope, props.stores).split("\n"),
    ...(schedule ? { schedule: id } : { rotation: id }),
    ...(region && { region: parseRegion(region).name }),
    ...(takeOver && { takeOver }),
    ...(adminCredentials && {
      adminCredentials: {
        clientIdVariable: adminCredentials.clientIdVariable,
        clientSecretVariable: adminCredentials.clientSecretVariable,
      },
    }),
    ...(then && { then: [...then] }),
    ...(verify && { verify }),
  };
}

/** The name that the client will have, an override's included. */
function nameOf(client: OauthClient): string {
  // biome-ignore lint/complexity/useLiteralKeys: protected, and CDKTF has no other way to read an override
  const { name = client.nameInput } = client["rawOverrides"] as { name?: string };
  return String(name);
}

/** Whether Terraform would still have to make something of it. */
function isTemplate(text: string): boolean {
  return isUnresolved(text) || /[$%]\{/.test(text);
}
