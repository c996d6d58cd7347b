import type { Played } from "./play";

/** Figures of many schedules. */
export class Tally {
  schedules = 0;
  violated = 0;
  longest = 0;
  mostRequests = 0;
  /** Healthy runs that were repeated: see play.ts. */
  stalls = 0;
  /** Schedules by exit code. */
  readonly codes: Record<string, number> = {};
  /** Schedules by trouble that came about. */
  readonly met: Record<string, number> = {};

  add({ code, met, violations, took, requests, stalls }: Played): void {
    this.schedules += 1;
    if (violations.length > 0) this.violated += 1;
    this.stalls += stalls;
    this.longest = Math.max(this.longest, took);
    this.mostRequests = Math.max(this.mostRequests, requests);
    count(this.codes, `${code ?? "killed"}`);
    for (const name of met) count(this.met, name);
  }

  merge(other: Tally): void {
    this.schedules += other.schedules;
    this.violated += other.violated;
    this.stalls += other.stalls;
    this.longest = Math.max(this.longest, other.longest);
    this.mostRequests = Math.max(this.mostRequests, other.mostRequests);
    for (const [code, times] of Object.entries(other.codes)) count(this.codes, code, times);
    for (const [name, times] of Object.entries(other.met)) count(this.met, name, times);
  }
}

function count(into: Record<string, number>, name: string, times = 1): void {
  into[name] = (into[name] ?? 0) + times;
}
