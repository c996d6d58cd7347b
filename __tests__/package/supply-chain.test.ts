import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { buildProgram } from "../../tools/bundling/program";
import { CHILDREN, GLOBALS, HOSTS, MODULES } from "./connections";

const PROJECT = join(__dirname, "..", "..");
const read = (path: string): string => readFileSync(join(PROJECT, path), "utf8");
const manifest = JSON.parse(read("package.json"));
const lock: Record<string, Record<string, unknown>> = JSON.parse(read("package-lock.json")).packages;

describe("what is installed", () => {
  const direct = { ...manifest.dependencies, ...manifest.devDependencies };

  test("every dependency is pinned to one version, in npm's files and in pip's", () => {
    for (const [name, version] of Object.entries(direct))
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    // Whoever installs the package brings these along, of a version that this one works with. Not cdktn, which the other
    // entry is for: npm would hold CDKTF's users to the versions of constructs that cdktn takes.
    expect(Object.keys(manifest.peerDependencies)).toEqual(["cdktf", "constructs"]);
    for (const line of read("requirements-test.txt")
      .split("\n")
      .filter((one) => /^[^#\s]/.test(one)))
      expect(line).toMatch(/^[\w.[\]-]+==\d+\.\d+\.\d+$/);
  });

  test("whoever installs the package installs one dependency", () => {
    expect(Object.keys(manifest.dependencies)).toEqual(["@cdktf/provider-null"]);
  });

  test("the lock file holds what the manifest says, all else with its digest, and nothing of a foreign place", () => {
    for (const [name, version] of Object.entries(direct))
      expect(lock[`node_modules/${name}`]?.version).toBe(version);
    for (const [path, entry] of Object.entries(lock)) {
      // What stands within another package has that one's digest.
      if (path === "" || entry.link || entry.inBundle) continue;
      expect([path, entry.version]).toEqual([path, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
      if (entry.resolved !== undefined)
        expect([path, entry.resolved]).toEqual([path, expect.stringMatching(/^https:/)]);
      // npm notes no digest of what is for other machines than the one that wrote the file.
      if (entry.os === undefined)
        expect([path, entry.integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
    }
  });

  test("no dependency runs a script when it is installed", () => {
    const withScripts = Object.entries(lock).filter(([, entry]) => entry.hasInstallScript);
    const names = withScripts.map(([path]) => path.replace(/^.*node_modules\//, ""));
    expect(new Set(names)).toEqual(new Set(Object.keys(manifest.allowScripts)));
    expect(Object.values(manifest.allowScripts)).toEqual(names.map(() => false));
  });
});

describe("what is in the bundle", () => {
  const folder = mkdtempSync(join(tmpdir(), "supply-chain-"));
  let metafile: Metafile;
  /** The folders of the packages that it is made of. */
  let packages: string[];
  let text: string;
  beforeAll(async () => {
    metafile = await buildProgram(PROJECT, folder);
    const inside = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    packages = [...new Set(inside.flatMap((file) => folderOf(file) ?? []))];
    text = readdirSync(folder)
      .filter((name) => /\.[cm]js$/.test(name))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const folderOf = (file: string): string | undefined =>
    /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
  /** A file's package or, of ours, the file. */
  const ownerOf = (file: string): string => folderOf(file)?.replace(/^.*node_modules\//, "") ?? file;
  const owners = (files: readonly string[]): string[] => [...new Set(files.map(ownerOf))].sort();

  /** Files that ask for one of Node's modules. */
  const usersOf = (module: string): string[] =>
    Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
      imports.some(({ path, external }) => external && path.replace(/^node:/, "").split("/")[0] === module)
        ? [file]
        : [],
    );
  /** Files of which something is left in the bundle, and whose code, comments aside, fits. */
  const filesWith = (pattern: RegExp): string[] => {
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
    return [...new Set(used)].filter((file) =>
      pattern.test(
        read(file)
          .replace(/\/\*[\s\S]*?\*\//g, "")
          .replace(/^\s*\/\/.*$/gm, ""),
      ),
    );
  };

  test("each package's license is there, by name and version, and one that asks for nothing but that", () => {
    const permissive = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense)$/;
    const licenses = readdirSync(folder)
      .filter((name) => name.startsWith("LICENSES"))
      .map((name) => readFileSync(join(folder, name), "utf8"));
    expect(packages.length).toBeGreaterThan(100);
    for (const path of packages) {
      const { name, version, license } = JSON.parse(read(join(path, "package.json")));
      expect([name, license]).toEqual([name, expect.stringMatching(permissive)]);
      // Terms follow, its own or those that it shares with others.
      const own = licenses
        .map((text) => text.split(`${name} ${version}\n`)[1])
        .find((rest) => rest !== undefined);
      expect([name, own]).toEqual([name, expect.stringMatching(/licen[cs]e|permission/i)]);
    }
  });

  test("each package is one of the lock file, in its version", () => {
    for (const path of packages)
      expect(lock[path]?.version).toBe(JSON.parse(read(join(path, "package.json"))).version);
  });

  test("the packages are those that were meant: a new one is looked at before it ships", () => {
    const names = [...new Set(packages.map((path) => path.replace(/^.*node_modules\//, "")))].sort();
    expect(names).toEqual(read("__tests__/package/bundled-packages.txt").trim().split("\n"));
  });

  test.each(Object.keys(MODULES))("only these packages open connections with Node's own %s", (module) => {
    expect(owners(usersOf(module))).toEqual(Object.keys(MODULES[module] ?? {}).sort());
  });

  test("only these packages start children", () => {
    expect(owners(usersOf("child_process"))).toEqual(Object.keys(CHILDREN).sort());
  });

  test.each([
    ["fetch", /(?<![.\w$#'"`-])fetch\(|\b(globalThis|global|window)\.fetch\b/],
    ["WebSocket", /\bnew (globalThis\.)?(WebSocket|EventSource)\b/],
    ["XMLHttpRequest", /\bXMLHttpRequest\b|\bsendBeacon\b/],
    ["evals", /(?<![.\w$])eval\(|\bnew Function\(|\bprocess\.binding\(|\brequire\([^)]*\.node["']\)/],
  ])("only these packages use the global %s", (global, pattern) => {
    expect(owners(filesWith(pattern))).toEqual(Object.keys(GLOBALS[global] ?? {}).sort());
  });

  test("every host that it names has its reason, and every reason its host", () => {
    const url = /\b(?:https?|wss?|ftp):\/\/((?:\$?\{[^}]*\}|[\w.\-[\]@*%])*)/g;
    const hosts = [...text.matchAll(url)].map(([, host = ""]) =>
      host
        .replace(/\$?\{[^}]*\}/g, "…")
        .replace(/\.$/, "")
        .toLowerCase(),
    );
    const unique = [...new Set(hosts)].sort();
    expect(unique.filter((host) => !HOSTS.some(([pattern]) => pattern.test(host)))).toEqual([]);
    expect(HOSTS.filter(([pattern]) => !unique.some((host) => pattern.test(host)))).toEqual([]);
  });
});
