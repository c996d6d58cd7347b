import { dirname } from "node:path";
import { asBroken, BrokenInput } from "./broken-input";
import type { Detector } from "./detector";
import { scanFile } from "./files";
import { Findings } from "./findings";
import { isBare, repositoryOf, scanHistory } from "./git-history";
import { type Input, identityOf } from "./inputs";
import type { Meter } from "./meter";
import { NamedSecrets } from "./named-secrets";
import type { Origin } from "./origin";
import { Scanner, windowFor } from "./scanner";
import { type StoredSecret, StoredSecrets } from "./stored-secrets";
import { type Sink, scanStream } from "./unpack";
import { walk } from "./walk";

/** What to look at, and how. */
export interface AuditPlan {
  readonly inputs: readonly Input[];
  /** Secrets to search for by value. */
  readonly stored: readonly StoredSecret[];
  /** Files that are stores themselves: there a secret belongs. */
  readonly storeFiles: readonly string[];
  /** Whether to read the history of the repositories that are met, too. */
  readonly withHistory: boolean;
  readonly meter: Meter;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** For git. */
  readonly environment: NodeJS.ProcessEnv;
}

/** One look at everything that was named. */
export class Audit {
  readonly #plan: AuditPlan;
  readonly #findings = new Findings();
  readonly #sink: Sink;
  readonly #histories = new Set<string>();

  constructor(plan: AuditPlan) {
    this.#plan = plan;
    const detectors: Detector[] = [new NamedSecrets()];
    if (plan.stored.length > 0) detectors.push(new StoredSecrets(plan.stored));
    // Streams are read one after another: a window for each of 100,000 small files would be most of the work.
    const window = windowFor(detectors);
    this.#sink = {
      scanner: () => {
        const scanner = new Scanner(detectors, window);
        const push = (chunk: Uint8Array): void => {
          plan.meter.read(chunk.length);
          scanner.push(chunk);
        };
        return { push, end: () => scanner.end() };
      },
      scanned: (origin, scan) => this.#findings.add(origin, scan),
      broken: (origin, fault) => this.#findings.addUnread(origin, fault),
    };
  }

  async run(): Promise<Findings> {
    for (const input of this.#plan.inputs) {
      if (input.kind === "stdin") await this.#stdin();
      else if (input.kind === "file") await this.#namedFile(input.path);
      else await this.#folder(input.path);
    }
    if (this.#plan.withHistory && this.#histories.size === 0) {
      const fault = new BrokenInput("--git: no git repository was met, or git is not installed");
      this.#findings.addUnread({ file: ".git", inside: [], isNamed: true }, fault);
    }
    return this.#findings;
  }

  async #stdin(): Promise<void> {
    const { stdin, meter } = this.#plan;
    const origin: Origin = { file: "-", inside: [], isNamed: true };
    meter.begin("standard input");
    try {
      await scanStream(origin, stdin, this.#sink);
    } catch (error) {
      this.#findings.addUnread(origin, asBroken(error));
    }
  }

  async #namedFile(path: string): Promise<void> {
    await this.#file(path, true);
    // Of a file, --git means the history of the repository that it lies in.
    if (this.#plan.withHistory) await this.#history(dirname(path));
  }

  async #folder(folder: string): Promise<void> {
    const { withHistory, environment } = this.#plan;
    if (withHistory) await this.#history(folder);
    // The files of a bare repository are packed: its history is all there is to see.
    if (withHistory && (await isBare(folder, environment))) return;
    for await (const met of walk(folder)) {
      if (met.kind === "file") await this.#file(met.path, false);
      else if (met.kind === "repository" && withHistory) await this.#history(met.path);
      else if (met.kind === "repository") this.#findings.unreadHistories += 1;
      else this.#findings.addUnread({ file: met.path, inside: [], isNamed: false }, met.fault);
    }
  }

  async #file(path: string, isNamed: boolean): Promise<void> {
    const { meter, storeFiles } = this.#plan;
    if (storeFiles.length > 0 && storeFiles.includes(await identityOf(path))) return;
    meter.begin(path);
    await scanFile({ file: path, inside: [], isNamed }, path, this.#sink);
  }

  async #history(folder: string): Promise<void> {
    const { meter, environment } = this.#plan;
    const repository = await repositoryOf(folder, environment);
    if (repository === undefined || this.#histories.has(repository)) return;
    this.#histories.add(repository);
    meter.begin(`the history of ${folder}`);
    await scanHistory(folder, environment, this.#sink);
  }
}
