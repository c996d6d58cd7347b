import { describeUnlessMissing } from "../../../helpers/engines";
import { oneClient } from "../../../helpers/one-client";
import { missingOpenBao, OpenBao } from "../../../helpers/vault/openbao";

const ENTRY = "genesys/orders";
const DATA = `secret/data/${ENTRY}`;
const OTHERS = { owner: "team orders", nested: { kept: [1, null, "ü"] } };
const OLD = {
  ...OTHERS,
  client_id: "of-another-time",
  client_secret: "a-secret-of-another-time",
  region: "us-east-1",
};

/** What a policy says of the entry's path besides `capabilities`, and whether a run may write then. */
interface Condition {
  readonly capabilities?: readonly string[];
  readonly rule?: string;
  /** States of the entry in which the write is allowed all the same. @default - none */
  readonly allowed?: readonly string[];
}

const ALL = ["create", "update", "read"];
const CONDITIONS: Readonly<Record<string, Condition>> = {
  "allowed_parameters without options (V1)": { rule: "allowed_parameters = { data = [] }" },
  "allowed_parameters without data": { rule: "allowed_parameters = { options = [] }" },
  "denied_parameters with options (V2)": { rule: "denied_parameters = { options = [] }" },
  "denied_parameters with data": { rule: "denied_parameters = { data = [] }" },
  "denied_parameters with everything": { rule: 'denied_parameters = { "*" = [] }' },
  "required_parameters that no write of ours has": { rule: 'required_parameters = ["comment"]' },
  "answers that must be wrapped, as the read shows": {
    rule: 'min_wrapping_ttl = "1m"\n  max_wrapping_ttl = "2m"',
  },
  "no right to write": { capabilities: ["read"] },
  "no right to update": { capabilities: ["create", "read"], allowed: ["new"] },
  "no right to create": {
    capabilities: ["update", "read"],
    allowed: ["with settings only", "there", "deleted", "destroyed", "with its oldest versions pruned"],
  },
};

/** How an entry can be when a run finds it. */
const STATES: Readonly<Record<string, (bao: OpenBao) => Promise<unknown>>> = {
  new: async () => {},
  "with settings only": (bao) =>
    bao.call("POST", `secret/metadata/${ENTRY}`, { cas_required: true, custom_metadata: { team: "orders" } }),
  there: (bao) => bao.call("POST", DATA, { data: OLD }),
  deleted: async (bao) => {
    await bao.call("POST", DATA, { data: OLD });
    await bao.call("DELETE", DATA);
  },
  destroyed: async (bao) => {
    await bao.call("POST", DATA, { data: OLD });
    await bao.call("PUT", `secret/destroy/${ENTRY}`, { versions: [1] });
  },
  "with its oldest versions pruned": async (bao) => {
    await bao.call("POST", `secret/metadata/${ENTRY}`, { max_versions: 2, cas_required: true });
    for (const cas of [0, 1, 2, 3]) await bao.call("POST", DATA, { data: OLD, options: { cas } });
  },
};

describeUnlessMissing(missingOpenBao, "a real OpenBao that refuses the write", () => {
  let bao: OpenBao;
  beforeAll(async () => {
    bao = await OpenBao.start();
  });
  afterAll(() => bao.stop());
  afterEach(() => bao.call("DELETE", `secret/metadata/${ENTRY}`));

  const one = oneClient({
    environment: () => ({
      VAULT_ADDR: bao.origin,
      GENESYS_SECRET_RETRY_TIMEOUT: "2",
      GENESYS_SECRET_VERIFY_TIMEOUT: "2",
    }),
  });

  const tokenFor = ({ capabilities = ALL, rule = "" }: Condition): Promise<string> =>
    bao.token(
      "limited",
      `path "${DATA}" {
  capabilities = [${capabilities.map((each) => `"${each}"`).join(", ")}]
  ${rule}
}
path "auth/token/lookup-self" { capabilities = ["read"] }
`,
    );

  const cells = Object.entries(CONDITIONS).flatMap(([condition, { allowed = [] }]) =>
    Object.keys(STATES).map((state) => [condition, state, allowed.includes(state)] as const),
  );

  test.each(cells.filter(([, , allowed]) => !allowed))(
    "%s, the entry %s: exit 6, no call, nothing written",
    async (condition, state) => {
      await (STATES[state] as (typeof STATES)[string])(bao);
      const before = await bao.call("GET", `secret/metadata/${ENTRY}`);
      const token = await tokenFor(CONDITIONS[condition] as Condition);
      const result = await one.regenerate(`vault:secret/${ENTRY}`, { VAULT_TOKEN: token });
      one.expectNotReady(result, `${DATA}`, "Secret:    not changed");
      expect(one.accepts(one.bornWith)).toBe(true);
      expect((await bao.call("GET", `secret/metadata/${ENTRY}`))?.data).toEqual(before?.data);
    },
  );

  test.each(cells.filter(([, , allowed]) => allowed))(
    "%s, the entry %s: that right is not needed, and the run ends with 0",
    async (condition, state) => {
      await (STATES[state] as (typeof STATES)[string])(bao);
      const token = await tokenFor(CONDITIONS[condition] as Condition);
      const result = await one.regenerate(`vault:secret/${ENTRY}`, { VAULT_TOKEN: token });
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Read back and logged in") });
    },
  );

  test.each(Object.keys(STATES))(
    "an entry %s: the rehearsal writes nothing, and the write makes one version",
    async (state) => {
      await (STATES[state] as (typeof STATES)[string])(bao);
      const before = await bao.call("GET", `secret/metadata/${ENTRY}`);
      const environment = { VAULT_TOKEN: await tokenFor({}) };
      const uri = `vault:secret/${ENTRY}`;
      const dry = await one.regenerate(uri, environment, "--dry-run", "--rehearse");
      expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining("Would regenerate") });
      expect((await bao.call("GET", `secret/metadata/${ENTRY}`))?.data).toEqual(before?.data);

      expect((await one.regenerate(uri, environment)).code).toBe(0);
      const after = (await bao.call("GET", `secret/metadata/${ENTRY}`)).data;
      expect(after.current_version).toBe((before?.data.current_version ?? 0) + 1);
      expect(one.accepts((await bao.document(ENTRY))?.client_secret as string)).toBe(true);
    },
  );

  test("a dry run without a rehearsal says what it did not try", async () => {
    const token = await tokenFor({ capabilities: ["read"] });
    const uri = `vault:secret/${ENTRY}`;
    const dry = await one.regenerate(uri, { VAULT_TOKEN: token }, "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("the write itself (--rehearse tries it)"),
    });
    const tried = await one.regenerate(uri, { VAULT_TOKEN: token }, "--dry-run", "--rehearse");
    one.expectNotReady(tried, DATA);
    const doctor = await one.run(["doctor", "--store", uri, "--rehearse"], { VAULT_TOKEN: token });
    expect(doctor).toMatchObject({ code: 10, stdout: expect.stringContaining(DATA) });
  });
});
