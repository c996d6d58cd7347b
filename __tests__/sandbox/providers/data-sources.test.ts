import { startSandbox } from "../../../sandbox/org";
import { startStandInProviders } from "../../../sandbox/providers";
import { describeWithEngine } from "../../helpers/engines";
import { registryHost, Workspace } from "./workspace";

describeWithEngine("data sources of genesyscloud", (engine) => {
  test("find the home division, a division by its name in any case, a role and a client by their exact names", async () => {
    const org = await startSandbox();
    const providers = await startStandInProviders({
      environment: org.environment,
      registryHost: registryHost(engine),
    });
    const workspace = new Workspace(engine, providers.reattach);
    try {
      const client = { name: "orders", authorized_grant_type: "CODE", scopes: ["users"] };
      workspace.write({
        provider: { genesyscloud: [{ gateway: [{}] }] },
        resource: { genesyscloud_oauth_client: { orders: client } },
        data: {
          genesyscloud_auth_division_home: { home: {} },
          genesyscloud_auth_role: { employee: { name: "employee" } },
          genesyscloud_auth_division: {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's interpolation
            named: { name: "${upper(data.genesyscloud_auth_division_home.home.name)}" },
          },
          genesyscloud_oauth_client: {
            found: { name: "orders", depends_on: ["genesyscloud_oauth_client.orders"] },
          },
        },
      });
      await workspace.apply();
      expect(workspace.attributes("genesyscloud_auth_role", "employee")?.id).toBe(
        org.roles.find(({ name }) => name === "employee")?.id,
      );
      const home = workspace.attributes("genesyscloud_auth_division_home", "home");
      expect(home?.id).toBeTruthy();
      expect(workspace.attributes("genesyscloud_auth_division", "named")?.id).toBe(home?.id);
      expect(workspace.attributes("genesyscloud_oauth_client", "found")?.id).toBe(
        workspace.attributes("genesyscloud_oauth_client", "orders")?.id,
      );
    } finally {
      workspace.remove();
      await providers.close();
      await org.close();
    }
  });
});
