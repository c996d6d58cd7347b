import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Doorbell } from "../../helpers/doorbell";
import { assertHarmless, hostileText } from "../../helpers/hostile-text";
import { type ProgramResult, runProgram } from "../../helpers/program";
import { ID, REFUSED, SECRET, STORE } from "./refused";

let folder: string;
let bell: Doorbell;

beforeAll(async () => {
  bell = await Doorbell.listen();
});
afterAll(() => bell.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "genesys-secret-input-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An environment in which every way out leads to the doorbell. */
const usual = (): Record<string, string> => ({
  GENESYSCLOUD_OAUTHCLIENT_ID: ID,
  GENESYSCLOUD_OAUTHCLIENT_SECRET: SECRET,
  GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1",
  GENESYSCLOUD_GATEWAY_PORT: bell.port,
  GENESYSCLOUD_GATEWAY_PROTOCOL: "http",
  HTTPS_PROXY: `http://127.0.0.1:${bell.port}`,
  GENESYS_SECRET_RETRY_TIMEOUT: "1",
});
function expectDiscreet({ stdout, stderr }: ProgramResult): void {
  expect(stdout + stderr).not.toContain(SECRET);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  assertHarmless(stderr);
  assertHarmless(stdout);
}

test.each(REFUSED)("a command with %s ends with 2", async (_, args, environment, message) => {
  const before = bell.rings;
  const result = await runProgram(args, { ...usual(), ...environment }, folder);
  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  // With --json the refusal is a document, too.
  if (result.stdout !== "") expect(JSON.parse(result.stdout).error).toMatchObject({ exit: 2 });
  expectDiscreet(result);
  expect(bell.rings).toBe(before);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["a variable that is no name", ["--id-variable", "a-b"], '"a-b" is no name of a variable'],
  ["one variable for two things", ["--id-variable", "A", "--secret-variable", "A"], "must be three"],
  ["no store that has it", [], "No store gives the client's secret"],
])("run with %s ends with 125", async (_, args, message) => {
  const result = await runProgram(["run", ...STORE, ...args, "--", "node", "-e", ""], usual(), folder);
  expect(result).toMatchObject({ code: 125, stdout: "", stderr: expect.stringContaining(message) });
  expectDiscreet(result);
});

test("any flag and variable with anything in it: refused, or taken, and never a defect", async () => {
  const value = hostileText.filter((text) => !text.includes("\0") && text.length < 10_000);
  const flags = [
    "client-id",
    "twin-id",
    "client-name",
    "store",
    "rotation",
    "region",
    "env-file",
    "then",
    "retry-timeout",
  ];
  const variables = [
    ...[
      "TARGET_CLIENT_ID",
      "TARGET_CLIENT_NAME",
      "TARGET_TWIN_ID",
      "SECRET_STORES",
      "SECRET_ROTATION",
      "SECRET_THEN",
      "VAULT_NAMESPACE",
    ],
    ...[
      "GENESYSCLOUD_REGION",
      "GENESYSCLOUD_ACCESS_TOKEN",
      "GENESYSCLOUD_OAUTHCLIENT_ID",
      "GENESYSCLOUD_PROXY_HOST",
    ],
    ...["GENESYSCLOUD_GATEWAY_PATH_VALUE", "GENESYS_SECRET_ADMIN_ID_VARIABLE"],
  ];
  const runs = fc.sample(
    fc.tuple(
      fc.constantFrom("regenerate", "verify", "doctor", "remove"),
      fc.option(fc.tuple(fc.constantFrom(...flags), value)),
      fc.option(fc.tuple(fc.constantFrom(...variables), value)),
    ),
    30,
  );
  const one = async ([command, flag, variable]: (typeof runs)[number]): Promise<void> => {
    const args = [command, ...(flag ? [`--${flag[0]}=${flag[1]}`] : []), ...STORE];
    const environment = { ...usual(), ...(variable && { [variable[0]]: variable[1] }) };
    const result = await runProgram(args, environment, folder);
    expect({ args, variable, code: result.code }).toMatchObject({ code: expect.any(Number) });
    // 0: remove, of a store that holds nothing.
    if (![0, 2, 3, 5, 6, 7, 10].includes(result.code as number))
      throw new Error(`${JSON.stringify({ args, variable })} ended with ${result.code}: ${result.stderr}`);
    expectDiscreet(result);
  };
  for (let at = 0; at < runs.length; at += 6) await Promise.all(runs.slice(at, at + 6).map(one));
});

test("a document in a store with other people's names in it", async () => {
  writeFileSync(
    join(folder, "orders.json"),
    `{"__proto__": {"client_id": "${ID}"}, "constructor": {"prototype": {"x": 1}}, "client_id": "a\\n::add-mask::b", "client_secret": "x"}`,
  );
  for (const command of ["verify", "doctor"]) {
    const result = await runProgram([command, ...STORE], usual(), folder);
    expect(result.code).toBe(10);
    expect(result.stdout).not.toContain("::add-mask");
    expectDiscreet(result);
  }
});
