import type { InterruptSignal } from "../core/errors";
import { Interrupts } from "../rotation/interrupts";

/**
 * Interrupts of this process.
 * @param watchParent whether a vanished parent counts as one: on Ctrl-C Terraform kills the shell in between
 */
export function listenForInterrupts(watchParent: boolean, say: (line: string) => void): Interrupts {
  const parent = process.ppid;
  const interrupts = new Interrupts(() => watchParent && process.ppid !== parent);
  onInterrupt((signal) => {
    interrupts.interrupt(signal);
    if (interrupts.critical) {
      say(`${signal}: the secret is being replaced, which must not stop half-way; finishing first`);
    }
  });
  return interrupts;
}

/** Has a listener told of each interrupt of this process, which then does not end by it. */
export function onInterrupt(listener: (signal: InterruptSignal) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => listener(signal));
}
