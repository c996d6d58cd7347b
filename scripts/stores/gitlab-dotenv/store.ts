import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { variable } from "../../core/environment";
import { StoreFault } from "../../core/errors";
import { printable } from "../../core/printable";
import type { Progress } from "../../core/progress";
import type { StoredDocument } from "../document";
import { type Field, readField } from "../field";
import { assertOneName } from "../file-attributes";
import { followed } from "../file-place";
import { fileNotReady, reasonOf } from "../file-refusal";
import { inTurn } from "../in-turn";
import { ReplacedFile } from "../replaced-file";
import { notReady, type Store, type StoreContext } from "../store";
import type { StoreUri } from "../uri";
import { VERBATIM } from "./grammar";

const DEFAULT_FILE = "build.env";

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
    await this.#tryOut(async (report) => {
      const found = await report.found();
      if (found) assertOneName(found);
      await report.reserve(found, 0);
    });
    if (this.#field.secret) {
      this.#progress.warn(
        `${this.uri.text}: whoever may download the job's artifacts can read the secret there, and GitLab does not mask it in the logs of the jobs that get it; prefer gitlab:`,
      );
    }
  }

  /** Replaces the report by a copy of itself, and takes the room that it will need, for a moment. */
  async rehearse(document: StoredDocument): Promise<void> {
    const value = this.#valueIn(document);
    await this.#tryOut(async (report) => {
      const content = await report.content();
      await report.rehearse(content);
      await report.reserve(await report.found(), withLine(content.bytes, this.#name, value).length);
    });
  }

  async read(): Promise<undefined> {
    return undefined;
  }

  async write(document: StoredDocument): Promise<void> {
    const value = this.#valueIn(document);
    try {
      await this.#inTurn(async (report) => {
        const { bytes, found } = await report.content();
        await report.replace(withLine(bytes, this.#name, value), found);
      });
    } catch (error) {
      throw new StoreFault(`its file cannot be written (${reasonOf(error)})`);
    }
  }

  async release(): Promise<void> {}

  #valueIn(document: StoredDocument): string {
    const value = this.#field.valueIn(document);
    if (VERBATIM.test(value)) return value;
    throw new StoreFault("the value has a character that a dotenv report does not hand on as it is");
  }

  /** Works on the report when nobody else in this run does, and leaves nothing beside it. */
  #inTurn(work: (report: ReplacedFile) => Promise<void>): Promise<void> {
    return inTurn(this.#path, async () => {
      const report = new ReplacedFile(this.#path);
      try {
        await work(report);
      } finally {
        await report.drop();
      }
    });
  }

  async #tryOut(work: (report: ReplacedFile) => Promise<void>): Promise<void> {
    try {
      await this.#inTurn(work);
    } catch (error) {
      throw await fileNotReady(this.uri, this.#path, error);
    }
  }

  /** The file's real place: GitLab collects artifacts within the project's folder only. */
  async #locate(project: string): Promise<void> {
    try {
      const [root, given] = [await realpath(project), resolve(project, this.#file)];
      const place = await followed(join(await realpath(dirname(given)), basename(given)));
      this.#path = join(await realpath(dirname(place)), basename(place));
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

/**
 * The report with one line of this name. GitLab refuses a report that has an empty line, or is cut short. Bytes are taken
 * for characters, so that those of others stay as they are, whatever they mean.
 */
function withLine(report: Buffer, name: string, value: string): Buffer {
  const lines = report
    .toString("latin1")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const others = lines.filter((line) => line.slice(0, Math.max(line.indexOf("="), 0)).trim() !== name);
  return Buffer.from(`${[...others, `${name}=${value}`].join("\n")}\n`, "latin1");
}
