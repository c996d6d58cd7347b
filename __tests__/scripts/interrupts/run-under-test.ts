import { readdirSync } from "node:fs";
import { limits, OneClient, SECRET_CALL } from "../../helpers/one-client";
import type { RunningProgram } from "../../helpers/program";

/** One client for one run that is going to be disturbed. */
export class RunUnderTest extends OneClient {
  static async opened(): Promise<RunUnderTest> {
    const run = new RunUnderTest();
    await run.open();
    return run;
  }

  constructor() {
    super({ environment: () => limits(5) });
  }

  get args(): string[] {
    return ["regenerate", ...this.target];
  }

  /** Starts the run. */
  begin(environment: Record<string, string> = {}, ...more: string[]): RunningProgram {
    return this.start([...this.args, ...more], environment);
  }

  /** Whether this request is the irreversible one. */
  static isCall({ method, path }: { method: string; path: string }): boolean {
    return method === "POST" && SECRET_CALL.test(path);
  }

  /** Nothing happened: the old secret is valid, and no file, no half of one and no lock is left. */
  expectUntouched(): void {
    expect(this.accepted()).toBe(0);
    expect(this.accepts(this.bornWith)).toBe(true);
    expect(readdirSync(this.folder)).toEqual([]);
  }

  /** It happened, once and wholly. */
  expectFinished(): void {
    expect(this.accepted()).toBe(1);
    expect(this.storeIsValid()).toBe(true);
    expect(readdirSync(this.folder)).toEqual(["orders.json"]);
  }
}
