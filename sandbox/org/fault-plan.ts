import { type Fault, readFault } from "./fault";

interface Armed {
  readonly fault: Fault;
  readonly path: RegExp;
  toSkip: number;
  toHit: number;
}

/** The faults that are yet to happen. */
export class FaultPlan {
  #armed: Armed[] = [];

  /** @throws TypeError when the fault is not well formed, naming the property */
  add(fault: unknown): void {
    const known = readFault(fault);
    const literal = known.path.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    this.#armed.push({
      fault: known,
      path: new RegExp(`^${literal.join(".*")}$`),
      toSkip: known.skip ?? 0,
      toHit: known.times ?? 1,
    });
  }

  clear(): void {
    this.#armed = [];
  }

  /**
   * The fault that hits this request, if any; taking it counts. One fault hits a request: the one that was
   * added first. A request that a fault lets through counts for that fault, and the next one is asked.
   */
  take(method: string, path: string): Fault | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if ((fault.method ?? method) !== method || !armed.path.test(path)) continue;
      if (armed.toSkip > 0) {
        armed.toSkip -= 1;
        continue;
      }
      armed.toHit -= 1;
      if (armed.toHit <= 0) this.#armed = this.#armed.filter((one) => one !== armed);
      return fault;
    }
    return undefined;
  }
}
