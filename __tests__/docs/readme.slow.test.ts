import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithEngine } from "../helpers/engines";
import { Consumer } from "../package/consumer";
import { type Block, pageText, ROOT } from "./pages";
import { installing, READERS_NPM, walkThrough } from "./walk-through";

const PAGE = "README.md";
const OWN_STACK = pageText(PAGE).split("\n").indexOf("## In your own stack") + 1;

/** Up to there, the blocks are for a clone. */
const needsNoClone = ({ line }: Block): boolean => line > OWN_STACK;

/** The files of a fresh clone, as they are now: what git ignores is not there. */
function clone(folder: string): string {
  const files = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  for (const path of execFileSync("git", files, { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean))
    cpSync(join(ROOT, path), join(folder, path));
  return folder;
}

test("the README has blocks for a clone, and blocks for a project that installed the package", () => {
  expect(OWN_STACK).toBeGreaterThan(1);
});

describeWithEngine("the README, typed block by block into a fresh shell", (engine) => {
  const root = mkdtempSync(join(tmpdir(), "readme-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function type(folder: string, isMeant?: (block: Block) => boolean): Promise<string> {
    const { npm, ...shims } = installing(Consumer.pack(root), engine);
    // The whole suite would run itself once more: here `npm test` runs one file of it.
    const oneTest = '[ "$*" = test ] && set -- test -- __tests__/scripts/cli/help.test.ts';
    return walkThrough(
      PAGE,
      folder,
      { TERRAFORM_BINARY_NAME: engine.binary, ...READERS_NPM },
      { ...shims, npm: `${oneTest}\n${npm}` },
      isMeant,
    );
  }

  /** Both ways end with the same blocks. */
  function expectTheWholeStory(output: string): void {
    expect(output).toContain('Done: the secret of "billing-service"');
    expect(output).toContain('Done: the secret of "orders-service"');
    expect(output).toContain("logs in as ");
    expect(output).toMatch(/^ALIVE/m);
  }

  test("in a clone: the demo, the tests, this app, a stack of one's own and the program", async () => {
    const output = await type(clone(join(root, "clone")));
    expect(output).toContain("What was proved:");
    expect(output).toContain("Tests:");
    expect(output).toContain('Done: the secret of "Terraform-Managed-CI-Client"');
    expectTheWholeStory(output);
  });

  test("from the tarball, in an empty folder: all but what needs the clone", async () => {
    const folder = join(root, "reader");
    mkdirSync(folder);
    expectTheWholeStory(await type(folder, needsNoClone));
  });
});
