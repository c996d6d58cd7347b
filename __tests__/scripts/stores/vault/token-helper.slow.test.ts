import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VaultRotation } from "../../../helpers/vault/rotation";

let rotation: VaultRotation;

beforeEach(async () => {
  rotation = await VaultRotation.start();
});

afterEach(() => rotation.close());

const path = (name: string): string => join(rotation.folder, name);

/** A helper that does this, and notes how it was started. @returns its path */
function helper(script = 'printf "%s\\n" "$(cat "$HOME/token")"'): string {
  writeFileSync(path("token"), rotation.store.environment.VAULT_TOKEN as string);
  writeFileSync(path("helper"), `#!/bin/sh\necho "$@" > "$HOME/argv"\nenv > "$HOME/env"\n${script}\n`);
  chmodSync(path("helper"), 0o755);
  return path("helper");
}

const withoutToken = { VAULT_TOKEN: "" };

test.each([
  ["HCL", (program: string) => `# how I log in\ntoken_helper = "${program}"\n`],
  ["HCL in one more form", (program: string) => `  "token_helper" = "${program}"`],
  ["JSON", (program: string) => JSON.stringify({ token_helper: program })],
  ["JSON of several lines", (program: string) => JSON.stringify({ token_helper: program }, null, 2)],
])("~/.vault names it, as %s", async (_title, config) => {
  writeFileSync(path(".vault"), config(helper()));
  rotation.expectStored(await rotation.regenerate(withoutToken));
  expect(readFileSync(path("argv"), "utf8")).toBe("get\n");
});

test.each(["VAULT_CONFIG_PATH", "BAO_CONFIG_PATH"])(
  "the variable %s names the file that names the token helper",
  async (name) => {
    writeFileSync(path("config.hcl"), `token_helper = "${helper()}"`);
    rotation.expectStored(await rotation.regenerate({ ...withoutToken, [name]: "~/config.hcl" }));
  },
);

test("it gets no credential of the admin or of a store", async () => {
  writeFileSync(path(".vault"), `token_helper = "${helper()}"`);
  const credentials = {
    VAULT_SECRET_ID: "a-secret-id",
    BAO_SECRET_ID: "a-secret-id",
    VAULT_HEADERS: '{"a":"front-key"}',
  };
  rotation.expectStored(await rotation.regenerate({ ...withoutToken, ...credentials }));
  const given = readFileSync(path("env"), "utf8");
  expect(given).toContain(`VAULT_ADDR=${rotation.store.environment.VAULT_ADDR}`);
  expect(given).not.toMatch(/SECRET_ID|front-key|GENESYSCLOUD_OAUTHCLIENT/);
});

test("VAULT_TOKEN wins over it, and it wins over ~/.vault-token", async () => {
  writeFileSync(path(".vault"), `token_helper = "${helper()}"`);
  writeFileSync(path(".vault-token"), "hvs.ofNobody");
  rotation.expectStored(await rotation.regenerate(withoutToken));
  writeFileSync(path(".vault"), `token_helper = "${helper("exit 1")}"`);
  rotation.expectStored(await rotation.regenerate());
});

test("one that has no token leaves it to ~/.vault-token", async () => {
  writeFileSync(path(".vault"), `token_helper = "${helper("exit 0")}"`);
  writeFileSync(path(".vault-token"), rotation.store.environment.VAULT_TOKEN as string);
  rotation.expectStored(await rotation.regenerate(withoutToken));
});

test.each([
  ["a comment", () => writeFileSync(path(".vault"), '# token_helper = "/nowhere"\n')],
  ["a file of another program", () => writeFileSync(path(".vault"), "$ANSIBLE_VAULT;1.1;AES256\n3132\n")],
  ["a folder of another program", () => mkdirSync(path(".vault"))],
])("a file with %s configures no token helper", async (_title, make) => {
  make();
  writeFileSync(path(".vault-token"), rotation.store.environment.VAULT_TOKEN as string);
  rotation.expectStored(await rotation.regenerate(withoutToken));
});

test.each<[string, () => string, string]>([
  ["fails", () => helper('cat "$HOME/token"; cat "$HOME/token" >&2; exit 3'), "ended with exit code 3"],
  ["is not there", () => "/nowhere/helper", "cannot be run (ENOENT)"],
  ["is named by a relative path", () => "helper", "must be named by its absolute path"],
  ["prints more than a token", () => helper("yes no | head -c 200000"), "ERR_CHILD_PROCESS_STDIO_MAXBUFFER"],
  ["prints words", () => helper("echo two words"), "the token holds a space"],
])("one that %s ends with 6, and shows nothing of what it prints", async (_title, program, reason) => {
  writeFileSync(path(".vault"), `token_helper = "${program()}"`);
  rotation.expectRefused(await rotation.regenerate(withoutToken), reason);
});
