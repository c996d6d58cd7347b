import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateBindings } from "../../../tools/bindings/generate";

const committed = join(__dirname, "../../../.gen");

function files(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

describe("the committed bindings", () => {
  const folder = mkdtempSync(join(tmpdir(), "bindings-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("are what the committed schema gives, byte for byte", async () => {
    await generateBindings(folder);
    expect(files(folder)).toEqual(files(committed));
  });

  test("hold the provider to its constraint, not to one version", () => {
    const all = Object.values(files(committed)).join("\n");
    expect(all).toContain("providerVersionConstraint: '~> 1.82'");
    expect(all).not.toContain("providerVersion: ");
  });

  test("have docs on every attribute", () => {
    for (const [name, text] of Object.entries(files(committed))) {
      // A comment that starts with the link has no description before it.
      expect([name, text.match(/\/\*\*\n\s+\* Docs at Terraform Registry[^\n]+/)?.[0]]).toEqual([
        name,
        undefined,
      ]);
    }
  });
});
