import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Consumer } from "../package/consumer";
import { PAGES, ROOT } from "./pages";

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function anchorsOf(text: string): (string | undefined)[] {
  return [
    ...[...text.matchAll(/^#+\s+(.+)$/gm)].map(([, heading]) => anchor(heading as string)),
    ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id),
  ];
}

/** The links of a page that lead nowhere, for a reader who has the files of this folder. */
function brokenLinks(root: string, page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  const prose = text.replace(/^\s*```[\s\S]*?^\s*```/gm, "");
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return !URL.canParse(link) || link.startsWith("http:");
    const [path, fragment] = link.split("#") as [string, string | undefined];
    const target = join(root, path === "" ? page : join(dirname(page), path));
    if (!existsSync(target)) return true;
    return fragment !== undefined && !anchorsOf(readFileSync(target, "utf8")).includes(fragment);
  });
}

test("there are pages, and this test sees a broken link", () => {
  expect(PAGES).toContain("README.md");
  expect(anchor("What was tested against what")).toBe("what-was-tested-against-what");
});

test.each(PAGES)("%s has no broken link", (page) => {
  expect(brokenLinks(ROOT, page)).toEqual([]);
});

describe("for a reader who has the package alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const files = Consumer.filesOf().filter((path) => !path.startsWith("dist/"));
  for (const path of files) cpSync(join(ROOT, path), join(folder, path));
  const pages = files.filter((path) => path.endsWith(".md"));

  test("the README is there, with the pages that it links to", () => {
    expect(pages).toContain("README.md");
    expect(pages).toContain("docs/getting-started.md");
  });

  test.each(pages)("%s has no broken link", (page) => {
    expect(brokenLinks(folder, page)).toEqual([]);
  });
});
