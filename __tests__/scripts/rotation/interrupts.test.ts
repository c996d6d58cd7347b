import { InterruptedError } from "../../../scripts/core/errors";
import { Interrupts } from "../../../scripts/rotation/interrupts";

const never = new Promise<never>(() => {});

test("before the critical section an interrupt ends the waiting at once, and aborts what runs", async () => {
  const interrupts = new Interrupts();
  const waiting = interrupts.guard(never);
  expect(interrupts.signal.aborted).toBe(false);
  interrupts.interrupt("SIGTERM");
  await expect(waiting).rejects.toMatchObject({
    exitCode: 143,
    message: "Interrupted before the secret was touched.",
    remedy: "Run again when you are ready.",
  });
  expect(interrupts.signal.aborted).toBe(true);
  expect(interrupts.critical).toBe(false);
});

test("what was interrupted before is not even waited for", async () => {
  const interrupts = new Interrupts();
  interrupts.interrupt("SIGINT");
  await expect(interrupts.guard(never)).rejects.toBeInstanceOf(InterruptedError);
});

test("what the abort tears down is told as the interrupt", async () => {
  const interrupts = new Interrupts();
  const torn = new Promise((_, reject) =>
    interrupts.signal.addEventListener("abort", () => reject(new Error("socket hang up"))),
  );
  const waiting = interrupts.guard(torn);
  interrupts.interrupt("SIGINT");
  await expect(waiting).rejects.toMatchObject({ exitCode: 130 });
});

test("without an interrupt what work gives, or throws, is what comes", async () => {
  const interrupts = new Interrupts();
  await expect(interrupts.guard(Promise.resolve(7))).resolves.toBe(7);
  const fault = new Error("its own");
  await expect(interrupts.guard(Promise.reject(fault))).rejects.toBe(fault);
});

test("work that is over leaves no listener", async () => {
  const interrupts = new Interrupts();
  const removed = jest.spyOn(interrupts.signal, "removeEventListener");
  const added = jest.spyOn(interrupts.signal, "addEventListener");
  await interrupts.guard(Promise.resolve());
  expect(removed.mock.calls).toEqual(added.mock.calls);
  expect(added).toHaveBeenCalledTimes(1);
});

test("in the critical section an interrupt is only taken note of, and the first one counts", async () => {
  const interrupts = new Interrupts();
  interrupts.enterCriticalSection();
  expect(interrupts.critical).toBe(true);
  interrupts.interrupt("SIGINT");
  interrupts.interrupt("SIGTERM");
  expect(interrupts.received).toBe("SIGINT");
  expect(interrupts.signal.aborted).toBe(false);
  await expect(interrupts.guard(Promise.resolve("done"))).resolves.toBe("done");
});

test("nobody enters the critical section after an interrupt, or when the parent is gone", () => {
  const interrupted = new Interrupts();
  interrupted.interrupt("SIGINT");
  expect(() => interrupted.enterCriticalSection()).toThrow(InterruptedError);
  expect(interrupted.critical).toBe(false);

  const orphan = new Interrupts(() => true);
  expect(() => orphan.enterCriticalSection()).toThrow("Interrupted before the secret was touched.");
  expect(orphan.received).toBe("SIGHUP");
});
