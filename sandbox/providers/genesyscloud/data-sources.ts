import { ProviderError } from "../protocol/diagnostic";
import type { DataSourceType } from "../protocol/provider";
import { type ObjectValue, text } from "../protocol/value";
import { explain } from "./api-error";
import { allPages } from "./paging";
import type { Division, Session } from "./session";

interface Named {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

type Find = (session: Session, name: string) => Promise<Partial<Named> | undefined>;

/** The data sources that look an id up by a name. The real ones repeat a search without a result for 15 seconds. */
function byName(type: string, what: string, find: Find): DataSourceType<Session> {
  return {
    async read(session: Session, config: ObjectValue) {
      const name = text(config.name) ?? "";
      const found = await find(session, name).catch(explain(type, `Error requesting ${what} ${name}`));
      if (!found?.id) throw new ProviderError(`Unable to locate ${what} with name ${name}`);
      return { ...config, id: found.id };
    },
  };
}

const oauthClient = byName("genesyscloud_oauth_client", "oauth client", async (session, name) => {
  const client = session.client();
  // The SDK sends no parameters, for a further page neither: the real provider reads the first page again.
  const page = await client.call<{ entities: Partial<Named>[] }>("GET", "/api/v2/oauth/clients");
  return page.entities?.find((entity) => entity.name === name && entity.state !== "deleted");
});

const authRole = byName("genesyscloud_auth_role", "authorization role", async (session, name) => {
  const roles = await allPages<Named>(session.client(), "/api/v2/authorization/roles", { name });
  return roles.find((role) => role.name === name);
});

const authDivision = byName("genesyscloud_auth_division", "auth division", async (session, name) => {
  const divisions = await allPages<Named>(session.client(), "/api/v2/authorization/divisions");
  return divisions.find((division) => division.name?.toLowerCase() === name.toLowerCase());
});

const authDivisionHome: DataSourceType<Session> = {
  async read(session, config) {
    const division = await session
      .client()
      .call<Division>("GET", "/api/v2/authorization/divisions/home")
      .catch(explain("genesyscloud_auth_division_home", "Error requesting divisions"));
    return {
      ...config,
      id: division.id ?? null,
      name: division.name ?? null,
      description: division.description ?? null,
    };
  },
};

/** The data sources of the stand-in for `mypurecloud/genesyscloud`. */
export const dataSources: Readonly<Record<string, DataSourceType<Session>>> = {
  genesyscloud_oauth_client: oauthClient,
  genesyscloud_auth_role: authRole,
  genesyscloud_auth_division: authDivision,
  genesyscloud_auth_division_home: authDivisionHome,
};
