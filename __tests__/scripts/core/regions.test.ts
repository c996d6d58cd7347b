import { execFileSync } from "node:child_process";
import { parseRegion } from "../../../scripts/core/regions";

/** The official SDK's own list. In a process of its own: once loaded, the SDK watches its settings until the end. */
const HOSTS = execFileSync(
  process.execPath,
  [
    "-e",
    `process.stdout.write(JSON.stringify(require("purecloud-platform-client-v2").PureCloudRegionHosts));
     process.exit();`,
  ],
  { cwd: __dirname, encoding: "utf8" },
);
/** It has them as { us_east_1: "mypurecloud.com", … }. */
const THEIRS = Object.entries<string>(JSON.parse(HOSTS)).map(([key, domain]) => ({
  name: key.replaceAll("_", "-"),
  domain,
}));

describe("every region that the official SDK knows", () => {
  test.each(THEIRS)("$name is known by its name and by its domain, $domain", ({ name, domain }) => {
    expect(parseRegion(name)).toEqual({ name, domain });
    expect(parseRegion(` ${domain.toUpperCase()} `)).toEqual({ name, domain });
  });

  test("is one that the error for an unknown region names, and that names no others", () => {
    let message = "";
    try {
      parseRegion("eu-north-7");
    } catch (error) {
      ({ message } = error as Error);
    }
    const named = [...message.matchAll(/([\w-]+) \(([\w.-]+)\)/g)].map(([, name, domain]) => ({
      name,
      domain,
    }));
    const sorted = (regions: { name?: string }[]) =>
      regions.sort((a, b) => String(a.name).localeCompare(String(b.name)));
    expect(sorted(named)).toEqual(sorted([...THEIRS]));
  });
});
