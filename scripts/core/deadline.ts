/** A moment ahead, on a clock that nobody sets: while a run waits, the wall clock may jump by hours. */
export class Deadline {
  #at: number;

  /** @param limit milliseconds from now */
  constructor(limit: number) {
    this.#at = performance.now() + limit;
  }

  /** Milliseconds that are left; negative when it has passed. */
  get remaining(): number {
    return this.#at - performance.now();
  }

  /** Puts it off. @param more milliseconds */
  extend(more: number): void {
    this.#at += more;
  }
}
