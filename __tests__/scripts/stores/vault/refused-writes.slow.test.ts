import { describeUnlessMissing } from "../../../helpers/engines";
import { oneClient } from "../../../helpers/one-client";
import { refusedWrite } from "../../../helpers/store-rows";
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
  /** Where the write is allowed all the same. @default - nowhere */
  readonly allowed?: "exists" | "new";
}

const ALL = ["create", "update", "read"];
const CONDITIONS: Readonly<Record<string, Condition>> = {
  "a policy whose allowed_parameters lack options": { rule: "allowed_parameters = { data = [] }" },
  "a policy whose allowed_parameters lack data": { rule: "allowed_parameters = { options = [] }" },
  "a policy whose denied_parameters have options": { rule: "denied_parameters = { options = [] }" },
  "a policy whose denied_parameters have data": { rule: "denied_parameters = { data = [] }" },
  "a policy whose denied_parameters have everything": { rule: 'denied_parameters = { "*" = [] }' },
  "a policy whose required_parameters no write of ours has": { rule: 'required_parameters = ["comment"]' },
  "a policy that wants answers wrapped": {
    rule: 'min_wrapping_ttl = "1m"\n  max_wrapping_ttl = "2m"',
  },
  "a policy that lets nothing be written": { capabilities: ["read"] },
  "a policy without update": { capabilities: ["create", "read"], allowed: "new" },
  "a policy without create": { capabilities: ["update", "read"], allowed: "exists" },
};

/** How an entry can be when a run finds it. */
interface State {
  readonly place: "exists" | "new";
  /** What a row says besides. */
  readonly besides?: string;
  readonly arrange?: (bao: OpenBao) => Promise<unknown>;
}

const STATES: Readonly<Record<string, State>> = {
  new: { place: "new" },
  // To OpenBao such an entry exists: what is needed is update.
  "with settings only": {
    place: "exists",
    besides: "settings, and no version yet",
    arrange: (bao) =>
      bao.call("POST", `secret/metadata/${ENTRY}`, {
        cas_required: true,
        custom_metadata: { team: "orders" },
      }),
  },
  there: { place: "exists", arrange: (bao) => bao.call("POST", DATA, { data: OLD }) },
  deleted: {
    place: "exists",
    besides: "the newest version deleted",
    arrange: async (bao) => {
      await bao.call("POST", DATA, { data: OLD });
      await bao.call("DELETE", DATA);
    },
  },
  destroyed: {
    place: "exists",
    besides: "the newest version destroyed",
    arrange: async (bao) => {
      await bao.call("POST", DATA, { data: OLD });
      await bao.call("PUT", `secret/destroy/${ENTRY}`, { versions: [1] });
    },
  },
  "with its oldest versions pruned": {
    place: "exists",
    besides: "the oldest versions pruned",
    arrange: async (bao) => {
      await bao.call("POST", `secret/metadata/${ENTRY}`, { max_versions: 2, cas_required: true });
      for (const cas of [0, 1, 2, 3]) await bao.call("POST", DATA, { data: OLD, options: { cas } });
    },
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

  const settings = async (): Promise<unknown> => (await bao.call("GET", `secret/metadata/${ENTRY}`))?.data;

  for (const [title, condition] of Object.entries(CONDITIONS))
    for (const { place, besides, arrange } of Object.values(STATES)) {
      const isAllowed = condition.allowed === place;
      const row = {
        store: "vault" as const,
        condition: besides === undefined ? title : `${title}; ${besides}`,
        place,
        ...(isAllowed && { exit: 0, calls: 1 }),
      };
      refusedWrite(row, async () => {
        await arrange?.(bao);
        const before = await settings();
        const token = await tokenFor(condition);
        const result = await one.regenerate(`vault:secret/${ENTRY}`, { VAULT_TOKEN: token });
        if (isAllowed) expect(result.stderr).toContain("Read back and logged in");
        else {
          one.expectNotReady(result, DATA, "Secret:    not changed");
          expect(one.accepts(one.bornWith)).toBe(true);
          expect(await settings()).toEqual(before);
        }
        return one.outcome(result);
      });
    }

  test.each(Object.keys(STATES))(
    "an entry %s: the rehearsal writes nothing, and the write makes one version",
    async (state) => {
      await STATES[state]?.arrange?.(bao);
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
