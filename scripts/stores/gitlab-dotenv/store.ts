import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { Progress } from "../../core/progress";
import type { StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { inTurn } from "../in-turn";
import { Replacement } from "../replacement";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { VERBATIM } from "./grammar";

const DEFAULT_FILE = "build.env";
const PERMISSIONS = 0o777;

/** `gitlab-dotenv:`, a variable in a dotenv report, which hands it to the jobs that follow in the pipeline. */
export function openStore(uri: StoreUri, context: StoreContext): Store {
  return new GitlabDotenvStore(uri, context);
}

class GitlabDotenvStore implements Store {
  readonly uri: StoreUri;
  readonly #name: string;
  readonly #field: Field;
  readonly #progress: Progress;
  readonly #project: string | undefined;
  readonly #file: string;
  #path = "";

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#name = uri.target as string;
    this.#field = readField(uri);
    this.#progress = context.progress;
    this.#file = uri.options.get("file") ?? DEFAULT_FILE;
    const inJob = variable(context.environment, "GITLAB_CI") === "true";
    this.#project = inJob ? variable(context.environment, "CI_PROJECT_DIR") : undefined;
  }

  async prepare(): Promise<void> {
    if (this.#project === undefined) {
      throw notReady(
        this.uri,
        "this is no job of GitLab CI/CD (GITLAB_CI or CI_PROJECT_DIR is not set)",
        "Use it in the script of a GitLab job, or name another store, then run again.",
      );
    }
    await this.#locate(this.#project);
    try {
      await readReport(this.#path);
      await (await Replacement.open(this.#path)).drop();
    } catch (error) {
      throw notReady(
        this.uri,
        `the file ${printable(this.#file)} cannot be written (${(error as NodeJS.ErrnoException).code})`,
        "Make it writable for the job, then run again.",
      );
    }
    if (this.#field.secret) {
      this.#progress.warn(
        `${this.uri.text}: whoever may download the job's artifacts can read the secret there, and GitLab does not mask it in the logs of the jobs that get it; prefer gitlab:`,
      );
    }
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const value = this.#field.valueIn(document);
    if (!VERBATIM.test(value))
      throw new StoreFault("the value has a character that a dotenv report does not hand on as it is");
    try {
      await inTurn(this.#path, () => putLine(this.#path, this.#name, value));
    } catch (error) {
      throw new StoreFault(`its file cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  async release(): Promise<void> {}

  /** The file's real place: GitLab collects artifacts within the project's folder only. */
  async #locate(project: string): Promise<void> {
    try {
      const [root, given] = [await realpath(project), resolve(project, this.#file)];
      const place = join(await realpath(dirname(given)), basename(given));
      this.#path = (await exists(place)) ? await realpath(place) : place;
      const within = relative(root, this.#path);
      if (within !== "" && !isAbsolute(within) && within.split(sep)[0] !== "..") return;
    } catch (error) {
      throw notReady(
        this.uri,
        `the folder of ${printable(this.#file)} cannot be used (${(error as NodeJS.ErrnoException).code})`,
        "Make the folder, then run again.",
      );
    }
    throw notReady(
      this.uri,
      `${printable(this.#file)} is outside the project's folder, where GitLab collects no artifacts`,
      "Name a file within the project's folder, then run again.",
    );
  }
}

/** The report so far, and its permissions; empty, and nothing about them, when there is none. */
async function readReport(path: string): Promise<{ text: string; mode?: number }> {
  if (!(await exists(path))) return { text: "" };
  const [text, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
  return { text, mode: mode & PERMISSIONS };
}

/** A report that is cut short or has a line too many would be refused as a whole: it is replaced at once, or not at all. */
async function putLine(path: string, name: string, value: string): Promise<void> {
  const { text, mode } = await readReport(path);
  const replacement = await Replacement.open(path);
  try {
    await replacement.commit((file) => file.write(withLine(text, name, value), 0), { mode });
  } catch (error) {
    await replacement.drop();
    throw error;
  }
}

/** The report with one line of this name; GitLab refuses a report that has an empty line. */
function withLine(text: string, name: string, value: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const others = lines.filter((line) => line.slice(0, Math.max(line.indexOf("="), 0)).trim() !== name);
  return `${[...others, `${name}=${value}`].join("\n")}\n`;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
