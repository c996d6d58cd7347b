import { readdirSync } from "node:fs";
import { join, sep } from "node:path";

/** Where a rule looks: a path or several of them, as regular expressions. */
interface Place {
  readonly path?: string;
  readonly pathNot?: string | readonly string[];
}

/** A rule of `.dependency-cruiser.cjs`. */
interface Rule {
  readonly name: string;
  readonly comment: string;
  readonly from: Place;
  readonly to: Place & {
    readonly circular?: boolean;
    readonly reachable?: boolean;
    readonly couldNotResolve?: boolean;
  };
}

/** What the picture shows: the parts that are shipped. Tools and tests stand around them. */
const PARTS: Readonly<Record<string, RegExp>> = {
  "main.ts": /^(main|environments)\.ts$/,
  "constructs/": /^constructs\//,
  "scripts/cli/": /^scripts\/cli\//,
  "scripts/fleet/": /^scripts\/fleet\//,
  "scripts/audit/": /^scripts\/audit\//,
  "scripts/rotation/": /^scripts\/rotation\//,
  "scripts/stores/": /^scripts\/stores\//,
  "scripts/genesys/": /^scripts\/genesys\//,
  "scripts/http/": /^scripts\/http\//,
  "scripts/core/": /^scripts\/core\//,
  "sandbox/": /^sandbox\//,
};

/**
 * The architecture in Markdown: a Mermaid diagram, an arrow where the rules let something of one part import something
 * of another and no way round leads there, and a line for each rule.
 * @param project the project's folder
 */
export function architecture(project: string): string {
  const { forbidden }: { forbidden: readonly Rule[] } = require(join(project, ".dependency-cruiser.cjs"));
  const files = sources(project);
  const parts = Object.entries(PARTS).map(([name, path]) => ({
    name,
    files: files.filter((file) => path.test(file)),
  }));
  const allowed = new Map(
    parts.map(({ name, files: importing }) => [
      name,
      parts
        .filter((part) => part.name !== name)
        .filter(({ files: imported }) =>
          importing.some((from) => imported.some((to) => !forbidden.some((rule) => forbids(rule, from, to)))),
        )
        .map((part) => part.name),
    ]),
  );
  const id = (name: string): string => name.replace(/\W/g, "");
  const arrows = [...allowed].flatMap(([from, targets]) =>
    targets
      .filter((to) => !targets.some((via) => via !== to && reaches(allowed, via, to)))
      .map((to) => `  ${id(from)} --> ${id(to)}`),
  );
  const boxes = parts.map(({ name }) => `  ${id(name)}["${name}"]`);
  const rules = forbidden.map(({ name, comment }) => wrapped(`- \`${name}\`: ${comment}`));
  return ["```mermaid", "graph TD", ...boxes, ...arrows, "```", "", ...rules].join("\n");
}

/** An item of a list, in lines of at most a hundred characters. */
function wrapped(item: string): string {
  return item.replace(/(.{1,98})(?: |$)/g, "$1\n  ").trimEnd();
}

function forbids({ from, to }: Rule, source: string, target: string): boolean {
  if (to.circular || to.reachable || to.couldNotResolve) return false;
  const groups = from.path === undefined ? [] : new RegExp(from.path).exec(source);
  if (groups === null || matches(from.pathNot, source)) return false;
  const filled = (pattern: string): string => pattern.replace(/\$(\d)/g, (_, index) => groups[index] ?? "");
  const excluded = [to.pathNot ?? []].flat().map(filled);
  return (to.path === undefined || matches(filled(to.path), target)) && !matches(excluded, target);
}

function matches(patterns: string | readonly string[] | undefined, path: string): boolean {
  return [patterns ?? []].flat().some((pattern) => new RegExp(pattern).test(path));
}

function reaches(
  allowed: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
  seen = new Set<string>(),
): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const next = allowed.get(from) ?? [];
  return next.includes(to) || next.some((via) => reaches(allowed, via, to, seen));
}

function sources(project: string): readonly string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(project, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      join(folder, file).split(sep).join("/"),
    );
  return ["main.ts", "environments.ts", ...["constructs", "scripts", "sandbox"].flatMap(inFolder)].filter(
    (file) => file.endsWith(".ts"),
  );
}

const BEGIN = "<!-- architecture: `npm run architecture` writes what follows -->";
const END = "<!-- architecture: end -->";

/** A page with the architecture as it is, in the place that it marks for it. @throws {Error} when it marks none */
export function withArchitecture(page: string, project: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The page has no place between "${BEGIN}" and "${END}".`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${architecture(project)}\n\n${page.slice(end)}`;
}
