import { type FileHandle, open, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { variable } from "../config/environment";
import { StoreNotReadyError } from "../errors";
import { printable } from "../printable";
import type { Progress } from "../progress";
import type { StoredDocument } from "./document";
import { type Field, readField } from "./github-gitlab-field";
import { type Store, type StoreContext, StoreFault } from "./store";
import type { StoreUri } from "./uri";

const DEFAULT_FILE = "build.env";
const PRIVATE_FILE = 0o600;
/**
 * What GitLab takes from a dotenv line as it stands: one line, no blanks, and no dollar sign, which it would expand.
 * It knows no quotes: they would become part of the value.
 */
const VERBATIM = /^[\x21-\x23\x25-\x7e]*$/;

/** `gitlab-dotenv:`, a variable in a dotenv report, which hands it to the jobs that follow in the pipeline. */
export function openGitlabDotenvStore(uri: StoreUri, context: StoreContext): Store {
  return new GitlabDotenvStore(uri, context);
}

class GitlabDotenvStore implements Store {
  readonly readable = false;
  readonly uri: StoreUri;
  readonly #name: string;
  readonly #field: Field;
  readonly #progress: Progress;
  readonly #project: string | undefined;
  readonly #file: string;
  #path = "";
  /** Whether `prepare` made the file, and nothing is in it yet. */
  #madeEmpty = false;

  constructor(uri: StoreUri, context: StoreContext) {
    this.uri = uri;
    this.#name = uri.target as string;
    this.#field = readField(uri);
    this.#progress = context.progress;
    this.#file = uri.options.get("file") ?? DEFAULT_FILE;
    const inJob = variable(context.environment, "GITLAB_CI") === "true";
    this.#project = inJob ? variable(context.environment, "CI_PROJECT_DIR") : undefined;
  }

  async prepare(dryRun: boolean): Promise<void> {
    if (this.#project === undefined) {
      throw this.#notReady(
        "this is no job of GitLab CI/CD (GITLAB_CI or CI_PROJECT_DIR is not set)",
        "Use it in the script of a GitLab job, or name another store, then run again.",
      );
    }
    await this.#locate(this.#project);
    this.#madeEmpty = !(await exists(this.#path));
    try {
      await (await open(this.#path, "a+", PRIVATE_FILE)).close();
      if (dryRun) await this.release();
    } catch (error) {
      throw this.#notReady(
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
      const file = await open(this.#path, "r+");
      try {
        this.#madeEmpty = false;
        await replaceLine(file, this.#name, value);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new StoreFault(`its file cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  async release(): Promise<void> {
    if (this.#madeEmpty) await rm(this.#path, { force: true }).catch(() => {});
    this.#madeEmpty = false;
  }

  /** The file's real place: GitLab collects artifacts within the project's folder only. */
  async #locate(project: string): Promise<void> {
    try {
      const [root, given] = [await realpath(project), resolve(project, this.#file)];
      const place = join(await realpath(dirname(given)), basename(given));
      this.#path = (await exists(place)) ? await realpath(place) : place;
      const within = relative(root, this.#path);
      if (within !== "" && !isAbsolute(within) && within.split(sep)[0] !== "..") return;
    } catch (error) {
      throw this.#notReady(
        `the folder of ${printable(this.#file)} cannot be used (${(error as NodeJS.ErrnoException).code})`,
        "Make the folder, then run again.",
      );
    }
    throw this.#notReady(
      `${printable(this.#file)} is outside the project's folder, where GitLab collects no artifacts`,
      "Name a file within the project's folder, then run again.",
    );
  }

  #notReady(reason: string, remedy: string): StoreNotReadyError {
    return new StoreNotReadyError(`The store ${this.uri.text} is not ready: ${reason}.`, remedy);
  }
}

/** Rewrites the report with one line of this name; GitLab refuses a report that has an empty line. */
async function replaceLine(file: FileHandle, name: string, value: string): Promise<void> {
  const lines = (await file.readFile("utf8")).split("\n").filter((line) => line.trim() !== "");
  const others = lines.filter((line) => line.slice(0, Math.max(line.indexOf("="), 0)).trim() !== name);
  const bytes = Buffer.from(`${[...others, `${name}=${value}`].join("\n")}\n`);
  await file.write(bytes, 0, bytes.length, 0);
  await file.truncate(bytes.length);
  await file.sync();
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
