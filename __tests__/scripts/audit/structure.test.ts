import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newSecret } from "../../../sandbox/org/random-credential";
import { look } from "./look";

const ID = "5f0c1a7e-1111-4a5b-8c6d-0123456789ab";
const OTHER = "6a1d2b8f-2222-4a5b-8c6d-0123456789ab";
const OAUTH = "genesyscloud_oauth_client";
const CREDENTIAL = "genesyscloud_integration_credential";

let folder: string;
let secret: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-structure-"));
  secret = newSecret();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What an audit of this document says, without the surroundings. */
async function found(document: unknown, name = "terraform.tfstate") {
  const path = join(folder, name);
  writeFileSync(path, typeof document === "string" ? document : JSON.stringify(document, null, 2));
  const { leaks, unread, encrypted } = await look([path]);
  return {
    leaks: leaks.map((leak) => ({
      value: leak.secret.reveal(),
      clientIds: leak.owners.map(({ clientId }) => clientId),
      what: leak.places.map(({ what }) => what),
      foundBy: leak.places.map(({ foundBy }) => foundBy),
    })),
    unread: unread.map(({ reason }) => reason),
    encrypted: encrypted.length,
  };
}

const one = (what: string, clientIds: string[] = [ID]) => ({
  leaks: [{ value: secret, clientIds, what: [what], foundBy: ["structure"] }],
  unread: [],
  encrypted: 0,
});
const stateV4 = (resource: object, outputs: object = {}) => ({
  version: 4,
  terraform_version: "1.11.4",
  serial: 3,
  lineage: OTHER,
  outputs,
  resources: [
    { mode: "managed", name: "other", type: "null_resource", instances: [{ attributes: { id: OTHER } }] },
    resource,
  ],
});
const oauthV4 = (attributes: object, more: object = {}) => ({
  mode: "managed",
  type: OAUTH,
  name: "orders",
  ...more,
  instances: [{ schema_version: 0, attributes }],
});

describe("a state of version 4", () => {
  test("gives the client's secret with the client's id", async () => {
    expect(await found(stateV4(oauthV4({ client_id: ID, client_secret: secret, id: ID })))).toEqual(
      one(`${OAUTH}.orders, client_secret`),
    );
  });

  test("the id of the resource is the client's, where the provider gave no client_id", async () => {
    expect(await found(stateV4(oauthV4({ client_secret: secret, name: "x", id: ID })))).toEqual(
      one(`${OAUTH}.orders, client_secret`),
    );
  });

  test("is searched in a module, with an index, its keys sorted as by jq -S", async () => {
    const resource = {
      instances: [{ attributes: { client_id: ID, client_secret: secret }, index_key: "eu" }],
      mode: "managed",
      module: "module.crm",
      name: "orders",
      type: OAUTH,
    };
    expect(await found(stateV4(resource))).toEqual(one(`module.crm.${OAUTH}.orders["eu"], client_secret`));
  });

  test("is searched with a count", async () => {
    const resource = {
      ...oauthV4({}),
      instances: [{ index_key: 7, attributes: { client_id: ID, client_secret: secret } }],
    };
    expect(await found(stateV4(resource))).toEqual(one(`${OAUTH}.orders[7], client_secret`));
  });

  test("a value of any shape counts there: secrets of other times and regions may look otherwise", async () => {
    secret = "short-and-odd";
    expect(await found(stateV4(oauthV4({ client_id: ID, client_secret: secret })))).toEqual(
      one(`${OAUTH}.orders, client_secret`),
    );
  });

  test("gives an integration credential's fields", async () => {
    const fields = { clientId: ID, clientSecret: secret };
    const resource = {
      mode: "managed",
      type: CREDENTIAL,
      name: "crm",
      instances: [{ attributes: { id: OTHER, fields } }],
    };
    expect(await found(stateV4(resource))).toEqual(one(`${CREDENTIAL}.crm, clientSecret of its fields`));
  });

  test.each([
    ["marked sensitive", "handover", { sensitive: true }],
    ["named so", "orders_client_secret", {}],
  ])("gives an output %s, with the id in an output of the like name", async (_, name, mark) => {
    const outputs = {
      [name]: { value: secret, type: "string", ...mark },
      ...(name.includes("secret") ? { orders_client_id: { value: ID, type: "string" } } : {}),
    };
    const ids = name.includes("secret") ? [ID] : [];
    expect(await found(stateV4(oauthV4({}), outputs))).toEqual(one(`output ${name}`, ids));
  });

  test("is searched inside of an output that is an object or a list", async () => {
    const value = { client: { client_id: ID, client_secret: secret }, list: ["a"] };
    expect(await found(stateV4({}, { crm: { value, type: ["object", {}], sensitive: true } }))).toEqual(
      one("output crm"),
    );
    expect(
      await found(stateV4({}, { crm: { value: ["a", secret], type: "tuple", sensitive: true } })),
    ).toEqual(one("output crm", []));
  });

  test("gives neither an empty secret nor a digest, nor another provider's secret", async () => {
    const other = {
      mode: "managed",
      type: "okta_app_oauth",
      name: "x",
      instances: [{ attributes: { client_secret: "okta-value" } }],
    };
    const outputs = {
      digest: { value: newSecret(), type: "string" },
      password: { value: "hunter2", sensitive: true },
    };
    expect(await found(stateV4(oauthV4({ client_secret: "", client_id: ID }), outputs))).toMatchObject({
      leaks: [],
    });
    expect(await found(stateV4(other))).toMatchObject({ leaks: [] });
  });
});

describe("states of earlier versions", () => {
  const primary = (attributes: object) => ({ type: "", primary: { id: ID, attributes } });

  test("of version 3 are searched: attributes flat, in modules; a deposed one, too", async () => {
    const resources = {
      [`${OAUTH}.orders`]: {
        type: OAUTH,
        primary: { id: ID, attributes: { id: ID, client_secret: secret } },
      },
    };
    const state = {
      version: 3,
      terraform_version: "0.11.14",
      modules: [{ path: ["root"], outputs: {}, resources }],
    };
    expect(await found(state, "old.tfstate.backup")).toEqual(one(`${OAUTH}.orders, client_secret`));
    const deposed = {
      type: OAUTH,
      primary: null,
      deposed: [{ id: ID, attributes: { client_id: ID, client_secret: secret } }],
    };
    state.modules[0] = { path: ["root"], outputs: {}, resources: { [`${OAUTH}.orders`]: deposed } } as never;
    expect(await found(state)).toEqual(one(`${OAUTH}.orders, client_secret`));
  });

  test("of version 3 give a credential's fields, and an output", async () => {
    const attributes = { id: OTHER, "fields.%": "2", "fields.clientId": ID, "fields.clientSecret": secret };
    const resources = { [`${CREDENTIAL}.crm`]: { ...primary(attributes), type: CREDENTIAL } };
    expect(await found({ version: 3, modules: [{ path: ["root"], resources }] })).toEqual(
      one(`${CREDENTIAL}.crm, clientSecret of its fields`),
    );
    const outputs = { handover: { sensitive: true, type: "string", value: secret } };
    expect(await found({ version: 3, modules: [{ path: ["root"], outputs }] })).toEqual(
      one("output handover", []),
    );
  });

  test("of version 2 are searched as those of version 3", async () => {
    const resources = {
      [`${OAUTH}.orders.0`]: {
        type: OAUTH,
        primary: { id: ID, attributes: { client_id: ID, client_secret: secret } },
      },
    };
    const state = { version: 2, terraform_version: "0.8.8", modules: [{ path: ["root"], resources }] };
    expect(await found(state)).toEqual(one(`${OAUTH}.orders.0, client_secret`));
  });

  test("of version 1 are searched: outputs are bare values", async () => {
    expect(
      await found({ version: 1, modules: [{ outputs: { client_secret: secret, client_id: ID } }] }),
    ).toEqual(one("output client_secret"));
  });
});

describe("what Terraform prints", () => {
  const values = { client_id: ID, client_secret: secret };
  const resource = () => ({
    address: `module.a.${OAUTH}.orders[0]`,
    mode: "managed",
    type: OAUTH,
    name: "orders",
    values: { ...values, client_secret: secret },
  });

  test("is searched as show -json of a state", async () => {
    const root_module = { child_modules: [{ address: "module.a", resources: [resource()] }] };
    expect(await found({ format_version: "1.0", values: { root_module } }, "x.json")).toEqual(
      one(`module.a.${OAUTH}.orders[0], client_secret`),
    );
  });

  test("is searched as show -json of a plan: what is, what will be, outputs, and the provider's configuration", async () => {
    const change = {
      actions: ["update"],
      before: { client_id: ID, client_secret: secret },
      after: { client_id: ID },
    };
    const { values: _, ...named } = resource();
    expect(await found({ format_version: "1.2", resource_changes: [{ ...named, change }] })).toEqual(
      one(`module.a.${OAUTH}.orders[0], client_secret`),
    );
    const output_changes = {
      crm: { actions: ["create"], before: null, after: secret, after_sensitive: true },
    };
    expect(await found({ format_version: "1.2", output_changes })).toEqual(one("output crm", []));
    const expressions = {
      oauthclient_id: { constant_value: ID },
      oauthclient_secret: { constant_value: secret },
    };
    const configuration = { provider_config: { genesyscloud: { name: "genesyscloud", expressions } } };
    expect(await found({ format_version: "1.2", configuration })).toEqual(
      one("provider genesyscloud, oauthclient_secret"),
    );
  });

  test("is searched as output -json", async () => {
    const outputs = {
      crm: { sensitive: true, type: "string", value: secret },
      url: { sensitive: false, type: "string", value: "https://x" },
    };
    expect(await found(outputs, "outputs.json")).toEqual(one("output crm", []));
  });
});

describe("a configuration", () => {
  test("is searched as cdk.tf.json: provider, resource, credential and output", async () => {
    expect(
      await found(
        { provider: { genesyscloud: [{ oauthclient_id: ID, oauthclient_secret: secret }] } },
        "cdk.tf.json",
      ),
    ).toEqual(one("provider genesyscloud, oauthclient_secret"));
    expect(
      await found({ resource: { [OAUTH]: { orders: { client_secret: secret } } } }, "cdk.tf.json"),
    ).toEqual(one(`${OAUTH}.orders, client_secret`, []));
    const crm = { fields: { clientId: ID, clientSecret: secret } };
    expect(await found({ resource: { [CREDENTIAL]: { crm } } }, "cdk.tf.json")).toEqual(
      one(`${CREDENTIAL}.crm, clientSecret of its fields`),
    );
    expect(await found({ output: { crm: { sensitive: true, value: secret } } }, "cdk.tf.json")).toEqual(
      one("output crm", []),
    );
  });

  test("a reference is no secret", async () => {
    const reference = `\${${OAUTH}.orders.client_secret}`;
    const document = {
      output: { client_secret: { value: reference } },
      resource: { [CREDENTIAL]: { crm: { fields: { clientSecret: reference } } } },
    };
    expect(await found(document, "cdk.tf.json")).toMatchObject({ leaks: [] });
  });
});

describe("JSON in a text", () => {
  const warning = "\u2577\n\u2502 Warning: Unable to open CLI configuration file\n\u2575\n";
  const state = () => JSON.stringify(stateV4(oauthV4({ client_id: ID, client_secret: "odd" })), null, 2);

  test.each([
    ["before it", (text: string) => warning + text],
    ["after it", (text: string) => `${warning}${text}\n\nWarning: something else\n`],
    ["longer than a window", (text: string) => `${"-".repeat(1024 * 1024 + 5000)}\n${text}`],
    ["a window to the byte", (text: string) => `${"-".repeat(1024 * 1024 + 1024 + 855)}\n${text}`],
  ])("an engine's warnings: %s", async (_, around) => {
    secret = "odd";
    const text = around(state());
    expect(await found(text, "out.txt")).toEqual(one(`${OAUTH}.orders, client_secret`));
    const [leak] = (await look([join(folder, "out.txt")])).leaks;
    const line = text.slice(0, text.indexOf('"odd"')).split("\n").length;
    expect(leak?.places[0]?.line).toBe(line);
  });

  test("that is cut off is broken", async () => {
    const { unread } = await found(warning + state().slice(0, -20), "out.txt");
    expect(unread).toEqual([expect.stringContaining("it ends in the middle")]);
  });
});

describe("broken files", () => {
  const whole = () => JSON.stringify(stateV4(oauthV4({ client_id: ID, client_secret: secret })));

  test("what stands before a state breaks off is found, and that it breaks off", async () => {
    const { leaks, unread } = await found(whole().slice(0, -6));
    expect(unread).toEqual([expect.stringContaining("ends in the middle")]);
    expect(leaks.map(({ value }) => value)).toEqual([secret]);
  });

  test.each([
    ["no JSON at all", "\u0000\u0000\u0000\u0000"],
    ["half a value", '{"version": 4, "serial": tru'],
    ["a comma too much", '{"version": 4,}'],
    ["a wrong bracket", '{"version": [4}'],
    ["a bare newline in a string", '{"version": "4\n"}'],
    ["a number that is none", '{"version": 4-4}'],
    ["nested without end", `{"a":${"[".repeat(2000)}`],
  ])("are findings: %s", async (_, text) => {
    expect((await found(text)).unread).toHaveLength(1);
  });

  test("an empty state, two documents in a file and a byte order mark are not broken", async () => {
    expect(await found("")).toMatchObject({ unread: [] });
    expect(await found(`${whole()}\n${whole()}\n`)).toMatchObject({ unread: [], leaks: [{ value: secret }] });
    expect(await found(`\ufeff${whole()}`)).toEqual(one(`${OAUTH}.orders, client_secret`));
  });

  test("JSON with comments that is nobody's state is not the audit's business", async () => {
    writeFileSync(join(folder, "tsconfig.json"), "{ // strict\n }");
    expect((await look([folder])).unread).toEqual([]);
  });

  test("a state that OpenTofu encrypted is said to be one", async () => {
    expect(
      await found({ serial: 1, lineage: OTHER, encrypted_data: "x", encryption_version: "v0" }),
    ).toMatchObject({ encrypted: 1 });
  });
});
