import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { PAGES, pageText, ROOT } from "./pages";

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function anchorsOf(page: string): (string | undefined)[] {
  const text = pageText(page);
  return [
    ...[...text.matchAll(/^#+\s+(.+)$/gm)].map(([, heading]) => anchor(heading as string)),
    ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id),
  ];
}

function brokenLinks(page: string): string[] {
  const prose = pageText(page).replace(/^\s*```[\s\S]*?^\s*```/gm, "");
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return !URL.canParse(link) || link.startsWith("http:");
    const [path, fragment] = link.split("#") as [string, string | undefined];
    const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, target))) return true;
    return fragment !== undefined && !anchorsOf(target).includes(fragment);
  });
}

test("there are pages, and this test sees a broken link", () => {
  expect(PAGES).toContain("README.md");
  expect(anchor("What was tested against what")).toBe("what-was-tested-against-what");
});

test.each(PAGES)("%s has no broken link", (page) => {
  expect(brokenLinks(page)).toEqual([]);
});
