import type { InterruptSignal } from "../errors";
import { Interrupts } from "../rotation/interrupts";

/**
 * Interrupts of this process.
 * @param watchParent whether a vanished parent counts as one: on Ctrl-C Terraform kills the shell in between
 */
export function listenForInterrupts(watchParent: boolean, say: (line: string) => void): Interrupts {
  const parent = process.ppid;
  const interrupts = new Interrupts(() => watchParent && process.ppid !== parent);
  const listen = (signal: InterruptSignal): void => {
    process.on(signal, () => {
      interrupts.interrupt(signal);
      if (interrupts.critical) {
        say(`${signal}: the secret is being replaced, which must not stop half-way; finishing first`);
      }
    });
  };
  listen("SIGINT");
  listen("SIGTERM");
  listen("SIGHUP");
  return interrupts;
}
