import type { ProgramResult } from "../../helpers/program";
import { RunUnderTest } from "./run-under-test";

const EXIT = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 } as const;
type Signal = keyof typeof EXIT;

/** One after the other; the first one counts. */
const SALVOS: Signal[][] = [["SIGINT"], ["SIGTERM", "SIGTERM"], ["SIGHUP", "SIGINT", "SIGTERM"]];

interface Struck extends ProgramResult {
  readonly run: RunUnderTest;
}

/**
 * Runs the program, and sends the signals when its request of this number arrives.
 * @param ends whether they are to end it, which the request waits for; or it goes on, and the request only lets them land
 */
async function strike(at: number | undefined, salvo: readonly Signal[], ends = false): Promise<Struck> {
  const run = await RunUnderTest.opened();
  const { child, result } = run.begin();
  let seen = 0;
  run.sandbox.onRequest(async () => {
    if (seen++ !== at) return;
    for (const signal of salvo) {
      child.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await (ends ? result : new Promise((resolve) => setTimeout(resolve, 100)));
  });
  return { run, ...(await result) };
}

test("a signal, or several, as each request of a run arrives: not changed, or changed and stored", async () => {
  // The points come from a healthy run, not from a list kept by hand.
  const healthy = await strike(undefined, []);
  expect(healthy.code).toBe(0);
  const requests = healthy.run.sandbox.journal.map((entry) => ({ ...entry }));
  await healthy.run.close();
  const call = requests.findIndex(RunUnderTest.isCall);
  expect(call).toBeGreaterThan(1);
  expect(requests.length).toBeGreaterThan(call + 2);

  const outcomes = new Map<string, number>();
  for (const [at] of requests.entries()) {
    const struck = await Promise.all(SALVOS.map((salvo) => strike(at, salvo, at < call)));
    for (const [index, { run, code, signal, stdout, stderr }] of struck.entries()) {
      const first = SALVOS[index]?.[0] as Signal;
      const title = `${first} at request ${at}`;
      run.expectDiscreet({ stdout, stderr });
      if (at < call) {
        expect([title, code, signal]).toEqual([title, EXIT[first], null]);
        expect(stderr).toContain("Interrupted before the secret was touched.");
        expect(stderr).toContain("Secret:    not changed");
        run.expectUntouched();
      } else {
        // What comes when all is done and verified changes nothing any more.
        const ends = code === 0 && at > call + 1 ? 0 : EXIT[first];
        expect([title, code, signal]).toEqual([title, ends, null]);
        expect(stderr).toContain(code === 0 ? "Done: the secret" : "the secret is stored and logs in");
        if (code !== 0) expect(stderr).toContain("Secret:    changed");
        run.expectFinished();
      }
      outcomes.set(
        `${at < call ? "before" : "after"}:${code}`,
        (outcomes.get(`${at < call ? "before" : "after"}:${code}`) ?? 0) + 1,
      );
      await run.close();
    }
  }
  expect([...outcomes.keys()]).toEqual(
    expect.arrayContaining(["before:130", "before:143", "after:130", "after:143"]),
  );
});

test.each([
  ["as it is", {}],
  ["in a process of its own, without Node's debugging", { NODE_DEBUG: "http" }],
])(
  "a signal before the program listens ends it, as a shell would say, and changes nothing: %s",
  async (_, environment) => {
    for (const delay of [0, 15, 40, 80, 150]) {
      const run = await RunUnderTest.opened();
      const { child, result } = run.begin(environment);
      // Whether it is the launcher, the program or nobody who listens by then.
      run.sandbox.fault({ path: "*", delayMs: 3000, times: Number.POSITIVE_INFINITY });
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGTERM");
      const { code, signal } = await result;
      expect([code, signal]).toEqual(code === null ? [null, "SIGTERM"] : [143, null]);
      run.expectUntouched();
      await run.close();
    }
  },
);

test("signals while a store is written wait until all stores have it", async () => {
  const run = await RunUnderTest.opened();
  const script =
    'process.stdin.resume().on("end",()=>{for(const s of ["SIGTERM","SIGINT","SIGHUP"])process.kill(process.ppid,s);setTimeout(()=>{},300)})';
  const command = `command:${JSON.stringify(["node", "-e", script])}`;
  const { code, stderr } = await run.begin({}, "--store", command).result;
  // On a busy machine several wait at once, and the system chooses which comes first.
  const [, first] =
    /(SIG\w+): the secret is being replaced, which must not stop half-way; finishing first/.exec(stderr) ??
    [];
  expect({ first, code }).toEqual({
    first: expect.stringMatching(/^SIG(TERM|INT|HUP)$/),
    code: first === "SIGINT" ? 130 : 143,
  });
  expect(stderr).toContain("the secret is stored and logs in");
  run.expectFinished();
  await run.close();
});

test("a run that is stopped in the critical section, and goes on later, finishes", async () => {
  const run = await RunUnderTest.opened();
  const { child, result } = run.begin();
  run.sandbox.onRequest(async (entry) => {
    if (!RunUnderTest.isCall(entry)) return;
    child.kill("SIGSTOP");
    setTimeout(() => child.kill("SIGCONT"), 700);
  });
  expect(await result).toMatchObject({ code: 0 });
  run.expectFinished();
  await run.close();
});

test("SIGUSR1 opens no debugger, SIGPIPE ends nothing", async () => {
  const run = await RunUnderTest.opened();
  const { child, result } = run.begin();
  run.sandbox.onRequest(() => {
    child.kill("SIGUSR1");
    child.kill("SIGPIPE");
  });
  const { code, stderr } = await result;
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining("Debugger listening"),
  });
  run.expectFinished();
  await run.close();
});
