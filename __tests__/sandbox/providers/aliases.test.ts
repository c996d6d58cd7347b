import { type Sandbox, startSandbox } from "../../../sandbox/org";
import { startStandInProviders } from "../../../sandbox/providers";
import { describeWithEngine } from "../../helpers/engines";
import { registryHost, Workspace } from "./workspace";

const TYPE = "genesyscloud_oauth_client";

describeWithEngine("several provider blocks on one server", (engine) => {
  test("each keeps its own configuration, in parallel", async () => {
    const [east, west] = await Promise.all([startSandbox(), startSandbox()]);
    const providers = await startStandInProviders({ environment: {}, registryHost: registryHost(engine) });
    const workspace = new Workspace(engine, providers.reattach);
    try {
      const block = ({ environment: e }: Sandbox) => ({
        oauthclient_id: e.GENESYSCLOUD_OAUTHCLIENT_ID,
        oauthclient_secret: e.GENESYSCLOUD_OAUTHCLIENT_SECRET,
        gateway: [
          {
            host: e.GENESYSCLOUD_GATEWAY_HOST,
            port: e.GENESYSCLOUD_GATEWAY_PORT,
            protocol: e.GENESYSCLOUD_GATEWAY_PROTOCOL,
          },
        ],
      });
      const clients = (name: string) => ({
        count: 8,
        name,
        authorized_grant_type: "CLIENT-CREDENTIALS",
        roles: [{ role_id: "7c1d2e3f-0003-4a5b-8c6d-000000000003" }],
      });
      workspace.write({
        provider: { genesyscloud: [block(east), { ...block(west), alias: "west" }] },
        resource: {
          [TYPE]: { east: clients("east"), west: { ...clients("west"), provider: "genesyscloud.west" } },
        },
      });
      expect((await workspace.apply()).output).toContain("16 added");

      const created = ({ journal }: Sandbox) =>
        journal.filter(({ method, path }) => method === "POST" && path === "/api/v2/oauth/clients").length;
      expect([created(east), created(west)]).toEqual([8, 8]);
      expect(east.client(String(workspace.attributes(TYPE, "east")?.id))).toMatchObject({ name: "east" });
      expect(west.client(String(workspace.attributes(TYPE, "west")?.id))).toMatchObject({ name: "west" });
      expect(await workspace.planned()).toBe(0);
    } finally {
      workspace.remove();
      await Promise.all([providers.close(), east.close(), west.close()]);
    }
  });

  test("serve two engines at once", async () => {
    const org = await startSandbox();
    const providers = await startStandInProviders({
      environment: org.environment,
      registryHost: registryHost(engine),
    });
    const workspaces = ["a", "b"].map((name) => {
      const workspace = new Workspace(engine, providers.reattach);
      workspace.write({
        provider: { genesyscloud: [{ gateway: [{}] }] },
        resource: { [TYPE]: { it: { name, authorized_grant_type: "CODE", scopes: ["users"] } } },
      });
      return workspace;
    });
    try {
      await Promise.all(workspaces.map((workspace) => workspace.apply()));
      const names = workspaces.map((workspace) => workspace.attributes(TYPE, "it")?.name);
      expect(names).toEqual(["a", "b"]);
    } finally {
      for (const workspace of workspaces) workspace.remove();
      await providers.close();
      await org.close();
    }
  });
});
