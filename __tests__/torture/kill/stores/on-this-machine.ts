import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreKind } from "./tested-store";

const NAME = "ORDERS_SECRET";

function contentOf(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** A number that no JavaScript number holds, and a layout of its own. */
const FIELDS = '{ "tenant":12345678901234567890,\t"note" : "theirs"';

export const file: StoreKind = {
  name: "file",
  open: async ({ folder }) => ({
    uri: "file:./orders.json",
    environment: {},
    credentials: [],
    files: ["orders.json"],
    held: () => JSON.parse(contentOf(folder, "orders.json") ?? "{}").client_secret,
    seedOthers: () => writeFileSync(join(folder, "orders.json"), `${FIELDS}}`, { mode: 0o600 }),
    keepsOthers: () => contentOf(folder, "orders.json")?.startsWith(FIELDS) === true,
    close: () => {},
  }),
};

/** The program that it starts keeps what it reads, whole or not at all. */
export const command: StoreKind = {
  name: "command",
  open: async ({ folder }) => {
    const keep = `let s="";process.stdin.on("data",(d)=>s+=d).on("end",()=>{if(s)require("node:fs").writeFileSync("kept",s)})`;
    return {
      uri: `command:${JSON.stringify(["node", "-e", keep])}`,
      environment: {},
      credentials: [],
      files: ["kept"],
      held: () => contentOf(folder, "kept"),
      close: () => {},
    };
  },
};

export const githubEnv: StoreKind = {
  name: "github-env",
  open: async ({ folder }) => {
    const path = join(folder, "github.env");
    writeFileSync(path, "OTHER=1");
    return {
      uri: `github-env:${NAME}`,
      environment: { GITHUB_ACTIONS: "true", GITHUB_ENV: path },
      credentials: [],
      files: ["github.env"],
      // The mask.
      speaks: true,
      held: () => assignmentsOf(readFileSync(path, "utf8")).get(NAME),
      close: () => {},
    };
  },
};

/** Reads GITHUB_ENV as the runner does: each heredoc becomes a variable, and any line that is none is an error. */
function assignmentsOf(text: string): Map<string, string> {
  const lines = text.split("\n");
  const variables = new Map<string, string>();
  for (let at = 0; at < lines.length - 1 || lines[at]; at++) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(lines[at] as string) ?? [];
    if (name === undefined || delimiter === undefined) {
      const [, key, value] = /^([^=]+)=(.*)$/.exec(lines[at] as string) ?? [];
      if (key === undefined || value === undefined) throw new Error("GITHUB_ENV: invalid format");
      variables.set(key, value);
      continue;
    }
    const end = lines.indexOf(delimiter, at + 1);
    if (end < 0) throw new Error("GITHUB_ENV: matching delimiter not found");
    variables.set(name, lines.slice(at + 1, end).join("\n"));
    at = end;
  }
  if (variables.get("OTHER") !== "1") throw new Error("GITHUB_ENV: another's variable is lost");
  return variables;
}

/** Others' lines, and so many blank ones that the report gets shorter when the program writes it. */
const OTHERS = `FIRST=1${"\n".repeat(200)}LAST=2\n`;

export const gitlabDotenv: StoreKind = {
  name: "gitlab-dotenv",
  open: async ({ folder }) => {
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "build.env"), OTHERS);
    return {
      uri: `gitlab-dotenv:${NAME}`,
      environment: { GITLAB_CI: "true", CI_PROJECT_DIR: project },
      credentials: [],
      files: ["project/build.env"],
      held: () => reportedBy(contentOf(project, "build.env") ?? ""),
      close: () => {},
    };
  },
};

/** Reads a dotenv report as GitLab does: a line that is no assignment makes it refuse the whole. */
function reportedBy(text: string): string | undefined {
  if (text === OTHERS) return undefined;
  const lines = text.split("\n").slice(0, -1);
  if (lines.some((line) => !/^\w+=/.test(line))) throw new Error("the dotenv report has a line that is none");
  const names = lines.map((line) => line.slice(0, line.indexOf("=")));
  if ([...names].sort().join() !== `FIRST,LAST,${NAME}`)
    throw new Error(`the dotenv report holds ${names.join()}`);
  return lines.find((line) => line.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
}
