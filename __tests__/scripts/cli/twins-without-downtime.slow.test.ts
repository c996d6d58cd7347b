import { type Held, KILL_POINTS, type KillPoint, RotatedWorld } from "../../helpers/rotated-world";

/** Of a period: the longest that a consumer goes without reading a store, and the longest until a killed run is healed. */
const LONGEST_HOLD = 0.9;
const LONGEST_OUTAGE = 0.09;

/** Small, and the same sequence for the same seed, which the test's name tells. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Logs in with what it holds, and reads one of the stores at random moments only. Time is counted in periods. */
class Consumer {
  logins = 0;
  failed = 0;
  readonly #world: RotatedWorld;
  readonly #random: () => number;
  #held: Held;
  #readsAgainAt = 0;
  #now = 0;

  constructor(world: RotatedWorld, random: () => number) {
    this.#world = world;
    this.#random = random;
    this.#held = world.read(0);
  }

  /** Lives until then, logging in so many times. */
  async liveUntil(time: number, logins: number): Promise<void> {
    const moments = Array.from({ length: logins }, () => this.#now + this.#random() * (time - this.#now));
    for (const moment of moments.sort((a, b) => a - b)) {
      this.#readUntil(moment);
      this.logins += 1;
      if (!(await this.#world.logsIn(this.#held))) this.failed += 1;
    }
    this.#readUntil(time);
    this.#now = time;
  }

  #readUntil(moment: number): void {
    for (; this.#readsAgainAt <= moment; this.#readsAgainAt += LONGEST_HOLD * this.#random())
      this.#held = this.#world.read(this.#random() < 0.5 ? 0 : 1);
  }
}

const CONSUMERS = 5;
const ROTATIONS = 20;
const LOGINS = 10_000;

/** Consumers live through rotations, of which `killedAt` says where each is killed before somebody runs it again. */
async function live(
  world: RotatedWorld,
  random: () => number,
  rotations: number,
  killedAt: (rotation: number) => readonly KillPoint[],
): Promise<{ logins: number; failed: number; kills: number }> {
  expect(await world.rotate("slot 0")).toMatchObject({ code: 0 });
  const consumers = Array.from({ length: CONSUMERS }, () => new Consumer(world, random));
  const all = (time: number, logins: number): Promise<unknown> =>
    Promise.all(consumers.map((consumer) => consumer.liveUntil(time, logins)));
  let kills = 0;
  for (let rotation = 1; rotation <= rotations; rotation += 1) {
    await all(rotation, LOGINS / ROTATIONS / CONSUMERS);
    for (const [index, point] of killedAt(rotation).entries()) {
      if (!(await world.killRotation(`slot ${rotation}`, point))) continue;
      kills += 1;
      await all(rotation + (LONGEST_OUTAGE * (index + random())) / 2, 10);
    }
    // Some killed runs nobody runs again: the next rotation finds what they left.
    const forgotten = kills > 0 && rotation % 5 === 0;
    if (!forgotten) expect(await world.rotate(`slot ${rotation}`)).toMatchObject({ code: 0 });
  }
  await all(rotations + 1, 10);
  const sum = (of: (consumer: Consumer) => number): number =>
    consumers.reduce((total, consumer) => total + of(consumer), 0);
  return { logins: sum(({ logins }) => logins), failed: sum(({ failed }) => failed), kills };
}

const seed = 1 + Math.floor(Math.random() * 2_147_483_645);

test(`twins: ${LOGINS} logins across ${ROTATIONS} rotations, killed runs among them, and none fails [${seed}]`, async () => {
  const world = await RotatedWorld.start("orders (A)", "orders (B)");
  // In each eighth rotation nothing is killed, in each third the run that is to heal it, too.
  const killedAt = (rotation: number): KillPoint[] =>
    [KILL_POINTS[rotation % 8], rotation % 3 === 0 ? KILL_POINTS[(rotation * 5) % 8] : undefined].filter(
      (point) => point !== undefined,
    );
  try {
    const lived = await live(world, seeded(seed), ROTATIONS, killedAt);
    expect(lived.failed).toBe(0);
    expect(lived.logins).toBeGreaterThanOrEqual(LOGINS);
    expect(lived.kills).toBeGreaterThan(15);
  } finally {
    await world.close();
  }
});

test(`one client: the same consumers, with no run killed, and some logins fail [${seed}]`, async () => {
  const world = await RotatedWorld.start("orders");
  try {
    expect((await live(world, seeded(seed), 3, () => [])).failed).toBeGreaterThan(0);
  } finally {
    await world.close();
  }
});
