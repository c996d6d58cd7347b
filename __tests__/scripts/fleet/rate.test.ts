import fc from "fast-check";
import { ApiRate, LoginRate } from "../../../scripts/fleet/rate";

const MINUTE = 60_000;

/** Lets requests go as soon as the rate allows. @returns when they left */
function run(
  rate: ApiRate,
  count: number,
  from = 0,
  onSent: (at: number, index: number) => void = () => {},
): number[] {
  const times: number[] = [];
  let now = from;
  for (let index = 0; index < count; index++) {
    now += rate.wait(now);
    rate.take(now);
    times.push(now);
    onSent(now, index);
  }
  return times;
}

/** The most requests that any stretch of a minute has. */
function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + MINUTE).length));
}

describe("the API's rate", () => {
  test("never has more than 300 in a minute, wherever that begins", () => {
    expect(mostInAMinute(run(new ApiRate(), 1_500))).toBeLessThanOrEqual(300);
  });

  test("1,000 clients, their listing and 2 % of trouble take at most 1.05 of the limit's own minimum", () => {
    const times = run(new ApiRate(), 1_030);
    expect(times.at(-1)).toBeLessThanOrEqual(((1_000 * MINUTE) / 300) * 1.05);
  });

  test("has no more in a minute after pauses of any kind", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(90_000), { maxLength: 30 }), (pauses) => {
        const rate = new ApiRate();
        const times: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          times.push(...run(rate, 40, now));
          now = (times.at(-1) as number) + pause;
        }
        expect(mostInAMinute(times)).toBeLessThanOrEqual(300);
      }),
    );
  });

  test("still holds when each request takes its own time to arrive, up to half a second", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 700, maxLength: 700 }), (delays) => {
        const arrivals = run(new ApiRate(), delays.length)
          .map((at, index) => at + (delays[index] as number))
          .sort((a, b) => a - b);
        expect(mostInAMinute(arrivals)).toBeLessThanOrEqual(300);
      }),
      { numRuns: 20 },
    );
  });

  test("waits as long as a 429 says, and goes on as fast as before", () => {
    const rate = new ApiRate();
    run(rate, 10);
    rate.refused(2_000, 30_000);
    expect(rate.wait(2_000)).toBe(30_000);
    expect(rate.limit).toBe(298);
  });

  test("goes slower when it is refused again soon, once for all that were under way", () => {
    const rate = new ApiRate();
    run(rate, 10);
    rate.refused(2_000, 10_000);
    rate.refused(12_000, 10_000);
    rate.refused(12_100, 10_000);
    rate.refused(12_200, 10_000);
    expect(rate.limit).toBe(Math.floor(298 * 0.8));
  });

  test("finds a lower limit that others leave it, and comes back when they are gone", () => {
    const rate = new ApiRate();
    let windowAt = 0;
    let inWindow = 0;
    let refusals = 0;
    const server = (allowed: number) => (at: number) => {
      if (at - windowAt >= MINUTE) [windowAt, inWindow] = [at, 0];
      inWindow += 1;
      if (inWindow <= allowed) return;
      refusals += 1;
      rate.refused(at, windowAt + MINUTE - at);
    };
    const slow = run(rate, 1_500, 0, server(150));
    expect(rate.limit).toBeLessThan(200);
    expect(refusals).toBeLessThan(20);
    const last = slow.at(-1) as number;
    run(rate, 6_000, last, server(300));
    expect(rate.limit).toBe(298);
  });

  test("believes the API when it says what it allows, and what is used up", () => {
    const rate = new ApiRate();
    rate.told(0, { allowed: 180, count: 3, reset: 50_000 });
    expect(rate.limit).toBe(178);
    rate.told(1_000, { allowed: 180, count: 180, reset: 20_000 });
    expect(rate.wait(1_000)).toBe(20_000);
    rate.told(1_000, { allowed: 100_000 });
    expect(rate.limit).toBeLessThanOrEqual(298);
  });

  test("runs as fast as a sandbox's clock", () => {
    const times = run(new ApiRate(6_000), 600);
    expect(
      Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 6_000).length)),
    ).toBeLessThanOrEqual(300);
  });
});

describe("the login service's rate", () => {
  test("one refusal between logins that pass is nobody else's matter", () => {
    const rate = new LoginRate();
    for (let now = 0; now < 10_000; now += 1_000) {
      rate.refused(now);
      expect(rate.wait(now)).toBe(0);
      rate.passed();
    }
  });

  test("refusals in a row make all wait, longer each time up to 15 s, and one tries first", () => {
    const rate = new LoginRate();
    let now = 0;
    rate.refused(now);
    const pauses: number[] = [];
    for (let times = 0; times < 7; times++) {
      rate.refused(now);
      pauses.push(rate.wait(now));
      // What was under way then says nothing new.
      rate.refused(now);
      now += rate.wait(now);
      rate.take(now);
      expect(rate.wait(now)).toBe(500);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    rate.passed();
    expect(rate.wait(now)).toBe(0);
  });
});
