import type { JournalEntry } from "../../sandbox/org";
import { Deployment } from "../helpers/deployment";
import type { Engine } from "../helpers/engines";

const REGENERATE = /\/secret$/;

/** Where the program touches the world: its requests in their order, and what happens just after the irreversible one. */
export interface Point {
  /** Which of the program's requests. */
  readonly request: number;
  readonly when: "arrives" | "is answered";
}

export const BLOWS = [
  ["SIGKILL of the program", "SIGKILL"],
  ["Ctrl-C at the terminal: SIGINT to the engine, the shell and the program", "SIGINT"],
  ["SIGTERM of the program", "SIGTERM"],
] as const;

/** A deployed app whose applies are disturbed, each with a new rotation. */
export class StruckDeployment {
  readonly deployment: Deployment;
  /** Where a healthy run can be struck. */
  points: readonly Point[] = [];
  #rotation = 1;

  private constructor(deployment: Deployment) {
    this.deployment = deployment;
  }

  static async start(engine: Engine): Promise<StruckDeployment> {
    const deployment = await Deployment.start(engine);
    const struck = new StruckDeployment(deployment);
    await deployment.synth("1");
    await deployment.init();
    expect(await deployment.apply()).toMatchObject({ code: 0 });
    // The points come from a healthy run, not from a list kept by hand.
    await struck.rotate();
    const requests = await struck.applyAndStrike(undefined, () => {});
    struck.points = requests.flatMap(({ path }, request): Point[] => [
      { request, when: "arrives" },
      ...(REGENERATE.test(path) ? [{ request, when: "is answered" } as const] : []),
    ]);
    return struck;
  }

  /** Just after the irreversible call. */
  get critical(): Point {
    return this.points.find(({ when }) => when === "is answered") as Point;
  }

  async rotate(): Promise<void> {
    this.#rotation += 1;
    await this.deployment.synth(String(this.#rotation));
  }

  /**
   * Applies and calls `strike` when the program has come to a point.
   * @returns the requests that the program made
   */
  async applyAndStrike(
    point: Point | undefined,
    strike: (engine: number) => void,
  ): Promise<readonly JournalEntry[]> {
    const { recorder, sandbox } = this.deployment;
    recorder.clear();
    const seen: JournalEntry[] = [];
    const running = this.deployment.startEngine(["apply", "-auto-approve", "-input=false", "-no-color"]);
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

  /** Ends an apply at that point, and checks that the next one heals. */
  async expectHealed(point: Point, signal: (typeof BLOWS)[number][1]): Promise<void> {
    const { deployment } = this;
    await this.rotate();
    let struck = false;
    await this.applyAndStrike(point, (enginePid) => {
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
}
