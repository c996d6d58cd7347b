import type { JournalEntry } from "../../sandbox/org";
import { Deployment } from "../helpers/deployment";
import { leaksOf } from "../helpers/deployment-leaks";
import { describeWithEngine } from "../helpers/engines";

const REGENERATE = /\/secret$/;

/** Where the program touches the world: its requests in their order, and what happens just after the irreversible one. */
interface Point {
  /** Which of the program's requests. */
  readonly request: number;
  readonly when: "arrives" | "is answered";
}

/**
 * Applies a new rotation and calls `strike` when the program has come to a point.
 * @returns the requests that the program made
 */
async function applyAndStrike(
  deployment: Deployment,
  point: Point | undefined,
  strike: (engine: number) => void,
): Promise<readonly JournalEntry[]> {
  const { recorder, sandbox } = deployment;
  recorder.clear();
  const seen: JournalEntry[] = [];
  const running = deployment.startEngine(["apply", "-auto-approve", "-input=false", "-no-color"]);
  const hit = async (entry: JournalEntry): Promise<void> => {
    strike(running.child.pid as number);
    // Time for the blow to land: before the effect, or before the program does its next step.
    if (entry.status === undefined || entry.status === null)
      await new Promise((resolve) => setTimeout(resolve, 150));
  };
  const removeListeners = [
    sandbox.onRequest(async (entry) => {
      if (recorder.pids.length === 0) return;
      seen.push(entry);
      if (point?.when === "arrives" && seen.length - 1 === point.request) await hit(entry);
    }),
    sandbox.onAnswer(async (entry) => {
      if (point?.when === "is answered" && seen.indexOf(entry) === point.request) await hit(entry);
    }),
  ];
  await running.result;
  // On Ctrl-C the engine may be gone while the program still does its work.
  await recorder.allEnded();
  for (const remove of removeListeners) remove();
  return seen;
}

describeWithEngine("whatever ends an apply, the next one heals", (engine) => {
  let deployment: Deployment;
  let rotation = 1;
  let points: Point[] = [];

  const rotate = async (): Promise<void> => {
    rotation += 1;
    await deployment.synth(String(rotation));
  };

  beforeAll(async () => {
    deployment = await Deployment.start(engine);
    await deployment.synth("1");
    await deployment.init();
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    // The points come from a healthy run, not from a list kept by hand.
    await rotate();
    const requests = await applyAndStrike(deployment, undefined, () => {});
    points = requests.flatMap(({ path }, request): Point[] => [
      { request, when: "arrives" },
      ...(REGENERATE.test(path) ? [{ request, when: "is answered" } as const] : []),
    ]);
  });
  afterAll(() => deployment.close());

  test("a healthy run has its requests: sign in, find, look for credentials, regenerate, log in, revoke two tokens", () => {
    expect(points.length).toBe(8);
  });

  test.each([
    ["SIGKILL of the program", "SIGKILL"],
    ["Ctrl-C at the terminal: SIGINT to the engine, the shell and the program", "SIGINT"],
    ["SIGTERM of the program", "SIGTERM"],
  ] as const)(
    "%s, at every point",
    async (_, signal) => {
      for (const point of points) {
        await rotate();
        let struck = false;
        await applyAndStrike(deployment, point, (enginePid) => {
          struck = true;
          if (signal === "SIGINT") process.kill(-enginePid, signal);
          else for (const pid of deployment.recorder.pids) process.kill(pid, signal);
        });
        const healed = await deployment.apply();
        expect({ point, struck, code: healed.code, live: deployment.storeIsLive() }).toEqual({
          point,
          struck: true,
          code: 0,
          live: true,
        });
      }
    },
    300_000,
  );

  test("Terraform ending the shell at once does not end the program in the critical section", async () => {
    await rotate();
    const before = deployment.regenerations();
    const critical = points.find(({ when }) => when === "is answered") as Point;
    // A SIGINT to the engine alone: it kills the shell that it started, and nobody tells the program.
    await applyAndStrike(deployment, critical, (enginePid) => process.kill(enginePid, "SIGINT"));
    expect(deployment.regenerations() - before).toBe(1);
    expect(deployment.storeIsLive()).toBe(true);
    expect(await deployment.apply()).toMatchObject({ code: 0 });
  });

  test.each([
    ["Ctrl-C twice, which makes the engine leave at once", ["SIGINT", "SIGINT"]],
    ["the terminal goes away: SIGHUP to all", ["SIGHUP"]],
  ] as const)(
    "%s, in the critical section: the program finishes, and the next apply is a healthy one",
    async (_, signals) => {
      await rotate();
      const before = deployment.regenerations();
      const critical = points.find(({ when }) => when === "is answered") as Point;
      await applyAndStrike(deployment, critical, (enginePid) => {
        for (const [nth, signal] of signals.entries())
          setTimeout(() => {
            try {
              process.kill(-enginePid, signal);
            } catch {
              // All of them have ended by now.
            }
          }, nth * 60);
      });
      expect(deployment.regenerations() - before).toBe(1);
      expect(deployment.storeIsLive()).toBe(true);
      expect(await deployment.apply()).toMatchObject({ code: 0 });
      expect(deployment.storeIsLive()).toBe(true);
    },
  );

  test("and in all that, no secret and no token went to any file but the store", () => {
    const { leaks, expected } = leaksOf(deployment);
    expect(leaks).toEqual([]);
    expect(expected).not.toEqual([]);
  });
});
