import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram } from "../../tools/bundling/program";
import { publish } from "../../tools/bundling/publish";

const PROJECT = join(__dirname, "..", "..");
const root = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

async function build(project: string, name: string): Promise<Record<string, string>> {
  const folder = join(root, name);
  mkdirSync(folder);
  await buildProgram(project, folder);
  return filesIn(folder);
}

describe("the bundle", () => {
  test("is the same, byte for byte, wherever and however often it is built, and holds no path of the machine", async () => {
    const elsewhere = join(root, "else where");
    mkdirSync(elsewhere);
    for (const part of [
      "scripts",
      "sandbox",
      "tools",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
    ]) {
      cpSync(join(PROJECT, part), join(elsewhere, part), { recursive: true });
    }
    const first = await build(PROJECT, "first");
    // A real copy of what is bundled: through a link esbuild would see, and hash, another path.
    const { inputs } = await buildProgram(PROJECT, join(root, "first"));
    const packages = Object.keys(inputs).map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
    for (const path of new Set(packages.filter((name) => name !== undefined))) {
      // With the copies that are nested in it: they decide which one is taken.
      cpSync(join(PROJECT, path), join(elsewhere, path), { recursive: true });
    }

    for (const again of [await build(PROJECT, "second"), await build(elsewhere, "third")]) {
      expect(Object.keys(again)).toEqual(Object.keys(first));
      for (const [name, text] of Object.entries(again))
        expect([name, text === first[name]]).toEqual([name, true]);
    }
    for (const [name, text] of Object.entries(first)) {
      for (const path of [PROJECT, root, tmpdir()])
        expect([name, text.includes(`${path}/`)]).toEqual([name, false]);
    }
  });

  test("is a launcher, a program and chunks", async () => {
    const names = Object.keys(await build(PROJECT, "names"));
    expect(names).toEqual(
      expect.arrayContaining(["genesys-secret.cjs", "genesys-secret.mjs", "LICENSES.txt", "parts.json"]),
    );
    expect(
      names.filter(
        (name) =>
          !/^(genesys-secret\.[cm]js|parts\.json|LICENSES[\w-]*\.txt|[\w-]+-[0-9A-Z]{8}\.mjs)$/.test(name),
      ),
    ).toEqual([]);
  });
});

test("publishing replaces what changed, removes what is gone and leaves the rest untouched", async () => {
  const [built, target] = [join(root, "built"), join(root, "target")];
  for (const folder of [join(built, "a"), join(target, "b")]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(built, "a", "new.js"), "new");
  writeFileSync(join(built, "changed.js"), "after");
  writeFileSync(join(target, "changed.js"), "before");
  writeFileSync(join(target, "b", "stale.js"), "stale");

  await publish(built, target);

  expect(readFileSync(join(target, "a", "new.js"), "utf8")).toBe("new");
  expect(readFileSync(join(target, "changed.js"), "utf8")).toBe("after");
  expect(readdirSync(join(target, "b"))).toEqual([]);
});
