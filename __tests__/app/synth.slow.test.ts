import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const PROJECT = join(__dirname, "..", "..");
const PARTS = [
  "cdktf.json",
  "package.json",
  "tsconfig.json",
  "main.ts",
  "environments.ts",
  "constructs",
  "scripts",
  ".gen",
  "dist",
];

const root = mkdtempSync(join(tmpdir(), "app-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the app in a folder of its own. */
function clone(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs `cdktf synth` with nothing but Node.js on PATH, and notes each host that any process of it looks up or calls. */
function synth(folder: string, ...flags: string[]) {
  const bin = join(root, "bin");
  if (!existsSync(bin)) {
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, "node"));
    writeFileSync(
      join(bin, "calls.cjs"),
      `const net = require("net"), dns = require("dns"), { appendFileSync } = require("fs");
const note = (what) => appendFileSync(process.env.CALLS, what + "\\n");
const { connect } = net.Socket.prototype, { lookup } = dns;
net.Socket.prototype.connect = function (...all) {
  const options = Array.isArray(all[0]) ? all[0][0] : all[0];
  if (!options?.path) note("connect " + options?.host);
  return connect.apply(this, all);
};
dns.lookup = (host, ...all) => (note("lookup " + host), lookup(host, ...all));
`,
    );
  }
  const calls = join(folder, "calls.txt");
  const manifest = require.resolve("cdktf-cli/package.json");
  const cli = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.cdktf);
  const result = spawnSync(process.execPath, [cli, "synth", ...flags], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: bin,
      HOME: join(root, "home"),
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
      CI: "1",
      CALLS: calls,
      NODE_OPTIONS: `--require ${join(bin, "calls.cjs")}`,
    },
  });
  return { ...result, calls: existsSync(calls) ? readFileSync(calls, "utf8") : "" };
}

function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

describe("cdktf synth, with only Node.js on PATH", () => {
  const folders = [clone("one"), clone(join("an", "other place"))];
  const results = folders.map((folder) => synth(folder));
  const [one, other] = folders.map((folder) => join(folder, "cdktf.out")) as [string, string];
  const document = JSON.parse(readFileSync(join(one, "stacks", "dev", "cdk.tf.json"), "utf8"));

  test("succeeds, and calls nobody", () => {
    for (const { status, stderr, calls } of results)
      expect({ status, stderr, calls }).toMatchObject({ status: 0, calls: "" });
  });

  test("gives the same bytes in any folder", () => {
    expect([...filesIn(one).keys()]).toEqual([...filesIn(other).keys()]);
    for (const [name, text] of filesIn(one))
      expect(filesIn(other).get(name) === text ? "same" : name).toBe("same");
  });

  test("writes no path of this machine", () => {
    for (const [name, text] of filesIn(one)) {
      for (const path of [...folders, root, PROJECT, process.execPath, join(tmpdir(), "app-")]) {
        expect([name, text.includes(path)]).toEqual([name, false]);
      }
    }
  });

  test("manages the one client that ships", () => {
    expect(Object.values(document.resource.genesyscloud_oauth_client)).toEqual([
      {
        "//": { metadata: { path: "dev/ci/client", uniqueId: expect.any(String) } },
        authorized_grant_type: "CLIENT-CREDENTIALS",
        description: "OAuth client for CI/CD pipelines, managed via Terraform",
        name: "Terraform-Managed-CI-Client",
      },
    ]);
  });

  test("holds the providers to their constraints, and an empty gateway block", () => {
    expect(document.terraform.required_providers).toEqual({
      genesyscloud: { source: "mypurecloud/genesyscloud", version: "~> 1.82" },
      null: { source: "hashicorp/null", version: "~> 3.2" },
    });
    expect(document.provider.genesyscloud).toEqual([{ gateway: [{}] }]);
  });

  test("keeps the state and the store in the project's folder, wherever that is", () => {
    expect(document.terraform.backend).toEqual({ local: { path: "../../../terraform.dev.tfstate" } });
    const [regeneration] = Object.values<{ provisioner: [{ "local-exec": { environment: object } }] }>(
      document.resource.null_resource,
    );
    expect(regeneration?.provisioner[0]["local-exec"].environment).toMatchObject({
      SECRET_STORES: "file:../../../secrets/Terraform-Managed-CI-Client.json",
      SECRET_ROTATION: "version:1",
    });
  });

  test("carries what its applies need of the program, once", () => {
    const { apply, stores } = JSON.parse(readFileSync(join(PROJECT, "dist/program/parts.json"), "utf8"));
    const needed = [...apply, ...stores.file];
    const program = new Map(
      [...filesIn(join(PROJECT, "dist", "program"))].filter(([name]) => needed.includes(name)),
    );
    const assets = [...filesIn(join(one, "stacks", "dev", "assets"))];
    expect(new Map(assets.map(([name, text]) => [name.split(/[\\/]/).slice(2).join("/"), text]))).toEqual(
      program,
    );
    expect(assets).toHaveLength(program.size);
  });

  test("leaves cdktf.json as it was", () => {
    for (const folder of folders) {
      expect(readFileSync(join(folder, "cdktf.json"), "utf8")).toBe(
        readFileSync(join(PROJECT, "cdktf.json"), "utf8"),
      );
    }
  });
});

test("another output folder moves the state's and the store's paths along, and no trigger", () => {
  const folder = clone("moved");
  mkdirSync(join(folder, "build"));
  expect(synth(folder, "--output", "build/out").status).toBe(0);
  const document = JSON.parse(
    readFileSync(join(folder, "build", "out", "stacks", "dev", "cdk.tf.json"), "utf8"),
  );
  expect(document.terraform.backend.local.path).toBe("../../../../terraform.dev.tfstate");
  expect(JSON.stringify(document.resource.null_resource)).toMatch(
    /"file:\.\.\/\.\.\/\.\.\/\.\.\/secrets\/.*"stores":"file:\.\/secrets\//,
  );
});
