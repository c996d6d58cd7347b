import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describeUnlessMissing } from "../helpers/engines";
import { missingTools } from "../helpers/tools";
import { Consumer } from "./consumer";

const PROJECT = join(__dirname, "..", "..");
const root = mkdtempSync(join(tmpdir(), "tarball-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tarball = Consumer.pack(root);
const folder = join(root, "package");
mkdirSync(folder);
const missingTar = missingTools("tar");
if (missingTar === undefined) execFileSync("tar", ["-xzf", tarball, "-C", root]);

const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => statSync(join(folder, name)).isFile())
  .map((name) => name.replaceAll("\\", "/"))
  .sort();
const text = (name: string): string => readFileSync(join(folder, name), "utf8");
const below = (path: string): string[] =>
  names.filter((name) => name.startsWith(path)).map((name) => name.slice(path.length));

const sourcesIn = (path: string): string[] =>
  readdirSync(join(PROJECT, path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.replaceAll("\\", "/").slice(0, -".ts".length));

describeUnlessMissing(missingTar, "the tarball", () => {
  test("is under 1.05 MB but for the sandbox, which only its own command loads, and the pages, which nothing loads", () => {
    const sandbox = below("dist/program/").filter((name) => /^(sandbox|shell)-/.test(name));
    expect(sandbox).toHaveLength(2);
    const excluded = [...sandbox, "package/docs", "package/examples"].map((name) => `--exclude=${name}`);
    const rest = execFileSync("tar", ["-c", ...excluded, "-C", root, "package"], { maxBuffer: 2 ** 28 });
    expect(gzipSync(rest, { level: 9 }).length).toBeLessThan(1_050_000);
    expect(statSync(tarball).size).toBeLessThan(1_200_000);
  });

  test("has these files, and no others", () => {
    const others = names.filter((name) => !name.startsWith("dist/"));
    expect([...new Set(others.map((name) => name.split("/")[0]))]).toEqual([
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "docs",
      "examples",
      "package.json",
    ]);
    const git = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: PROJECT,
      encoding: "utf8",
    });
    const known = git.split("\n");
    expect(others.filter((name) => !known.includes(name))).toEqual([]);
    // Each example is whole.
    const examples = known.filter((name) => name.startsWith("examples/"));
    expect(others.filter((name) => name.startsWith("examples/"))).toEqual(examples.sort());
    expect([...new Set(below("dist/").map((name) => name.split("/")[0]))]).toEqual([
      ".gen",
      "cdktn",
      "constructs",
      "program",
      "scripts",
    ]);
    const program = below("dist/program/").map((name) => name.replace(/-[0-9A-Z]{8}\.mjs$/, ".mjs"));
    // The names of chunks that come from packages say nothing: those of our own files do.
    expect(
      program.filter((name) => /^(genesys-secret|parts|.*-store|audit|in-apply|sandbox|shell)\./.test(name)),
    ).toEqual([
      "audit.mjs",
      "aws-secretsmanager-store.mjs",
      "aws-ssm-store.mjs",
      "azure-keyvault-store.mjs",
      "command-store.mjs",
      "file-store.mjs",
      "gcp-secretmanager-store.mjs",
      "genesys-credential-store.mjs",
      "genesys-secret.cjs",
      "genesys-secret.mjs",
      "github-actions-store.mjs",
      "github-env-store.mjs",
      "gitlab-dotenv-store.mjs",
      "gitlab-store.mjs",
      "in-apply.mjs",
      "kubernetes-store.mjs",
      "parts.json",
      "sandbox.mjs",
      "shell.mjs",
      "stdout-store.mjs",
      "vault-store.mjs",
    ]);
    expect(
      program.filter((name) => !/(\.mjs|^genesys-secret\.cjs|^parts\.json|^LICENSES[\w-]*\.txt)$/.test(name)),
    ).toEqual([]);
  });

  test("leaves out what somebody who tried the examples and the docs left in their folders", () => {
    const copy = join(root, "tried");
    for (const name of ["package.json", "README.md", "docs", "examples"])
      cpSync(join(PROJECT, name), join(copy, name), { recursive: true });
    const left = [
      "examples/minimal/secrets/orders.json",
      "examples/minimal/orders.json",
      "examples/minimal/terraform.genesys.tfstate",
      "examples/minimal/cdktf.out/stacks/genesys/cdk.tf.json",
      "examples/minimal/.env",
      "examples/schedule/orders.json",
      "docs/orders.json",
      "examples/ci/orders.json",
      "examples/gitleaks/orders.json",
    ];
    for (const name of left) {
      mkdirSync(dirname(join(copy, name)), { recursive: true });
      writeFileSync(join(copy, name), "{}");
    }
    const packed = Consumer.filesOf(copy);
    expect(packed).toContain("examples/minimal/main.ts");
    expect(packed.filter((path) => left.includes(path))).toEqual([]);
  });

  test("says where its source is, in the form that npm checks a release's provenance by", () => {
    const { repository, homepage, bugs } = JSON.parse(text("package.json"));
    const [, page] = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(repository.url) ?? [];
    expect({ homepage, bugs }).toEqual({ homepage: `${page}#readme`, bugs: { url: `${page}/issues` } });
  });

  test("has each construct for CDKTF and for CDK Terrain, compiled and declared, and no stale one", () => {
    const compiled = sourcesIn("constructs").flatMap((name) => [`${name}.d.ts`, `${name}.js`]);
    expect(below("dist/constructs/")).toEqual(compiled.sort());
    expect(below("dist/cdktn/constructs/")).toEqual(compiled);
    // CDKTF has its null provider from the prebuilt package, which demands CDKTF beside it.
    expect(below("dist/cdktn/.gen/").filter((name) => !name.startsWith("providers/null/"))).toEqual(
      below("dist/.gen/"),
    );
    for (const name of below("dist/scripts/")) {
      const source = name.replace(/\.(d\.ts|js)$/, ".ts");
      expect([name, existsSync(join(PROJECT, "scripts", source))]).toEqual([name, true]);
    }
  });

  test("for CDK Terrain imports nothing of CDKTF, and the other way round", () => {
    const importers = (of: string) =>
      names.filter(
        (name) =>
          name.startsWith("dist/") &&
          new RegExp(`(from |require\\(|import\\()["']${of}["'/]`).test(text(name)),
      );
    const terrain = importers("cdktn");
    expect(terrain.length).toBeGreaterThan(10);
    expect(terrain.filter((name) => !name.startsWith("dist/cdktn/"))).toEqual([]);
    expect(importers("cdktf").filter((name) => name.startsWith("dist/cdktn/"))).toEqual([]);
  });

  test("holds no path of the machine that built it", () => {
    for (const name of names) expect([name, text(name).includes(PROJECT)]).toEqual([name, false]);
  });

  test("runs nothing when it is installed, and brings one package along", () => {
    const { scripts, dependencies, optionalDependencies, bundledDependencies, peerDependencies } = JSON.parse(
      text("package.json"),
    );
    for (const script of ["preinstall", "install", "postinstall"]) expect(scripts[script]).toBeUndefined();
    expect(Object.keys(dependencies)).toEqual(["@cdktf/provider-null"]);
    expect({ optionalDependencies, bundledDependencies }).toEqual({});
    expect(Object.keys(peerDependencies)).toEqual(["cdktf", "constructs"]);
  });
});

describe("a judge of packages", () => {
  const judge = (bin: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(PROJECT, "node_modules", bin), ...args],
      { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } },
    );
    return { status, output: `${stdout}${stderr}` };
  };

  test("publint has nothing to say, not even a suggestion", () => {
    const { status, output } = judge("publint/src/cli.js", "run", tarball, "--strict");
    expect(output).toMatch(/All good!\s*$/);
    expect(status).toBe(0);
  });

  test("Are The Types Wrong finds none wrong for CommonJS, ESM and the old resolution of CDKTF's own template", () => {
    const { status, output } = judge("@arethetypeswrong/cli/dist/index.js", tarball, "--format", "json");
    const { analysis, problems } = JSON.parse(output);
    expect({ status, problems }).toEqual({ status: 0, problems: {} });
    expect(Object.keys(analysis.entrypoints)).toEqual([".", "./cdktn", "./package.json"]);
    for (const { resolutions } of Object.values<{ resolutions: object }>(analysis.entrypoints))
      expect(Object.keys(resolutions)).toEqual(["node10", "node16-cjs", "node16-esm", "bundler"]);
  });
});
