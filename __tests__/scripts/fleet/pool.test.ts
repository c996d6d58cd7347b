import { setTimeout as sleep } from "node:timers/promises";
import { runPool } from "../../../scripts/fleet/pool";

const OPTIONS = { concurrency: 3, overdueAfter: 60_000, congested: () => false, stopped: () => false };

test("works on all, so many at a time", async () => {
  let active = 0;
  let most = 0;
  const done: number[] = [];
  const items = Array.from({ length: 20 }, (_, index) => index);
  const left = await runPool(
    items,
    async (item) => {
      active += 1;
      most = Math.max(most, active);
      await sleep(5);
      active -= 1;
      done.push(item);
    },
    OPTIONS,
  );
  expect([left, most]).toEqual([[], 3]);
  expect(done.sort((a, b) => a - b)).toEqual(items);
});

test("one that takes long gives its place away, unless more would only wait for the same thing", async () => {
  const run = async (congested: boolean): Promise<string[]> => {
    const order: string[] = [];
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await runPool(
      ["slow", "a", "b", "c"],
      async (item) => {
        if (item === "slow") await Promise.race([gate, sleep(400)]);
        order.push(item);
        if (item === "c") release();
      },
      { ...OPTIONS, concurrency: 1, overdueAfter: 50, congested: () => congested },
    );
    return order;
  };
  expect(await run(false)).toEqual(["a", "b", "c", "slow"]);
  expect(await run(true)).toEqual(["slow", "a", "b", "c"]);
});

test("at most four times as many are under way, however many take long", async () => {
  let active = 0;
  let most = 0;
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await runPool(
    Array.from({ length: 30 }, (_, index) => index),
    async () => {
      active += 1;
      most = Math.max(most, active);
      // Eight have to be there before one ends; were there room for a ninth, it would come now.
      if (most === 8) void sleep(150).then(release);
      await gate;
      active -= 1;
    },
    { ...OPTIONS, concurrency: 2, overdueAfter: 10 },
  );
  expect(most).toBe(8);
});

test("stopped, it starts no more and gives back the rest", async () => {
  const started: number[] = [];
  const left = await runPool(
    [0, 1, 2, 3, 4, 5],
    async (item) => {
      started.push(item);
      await sleep(5);
    },
    { ...OPTIONS, stopped: () => started.length >= 4 },
  );
  expect([started, left]).toEqual([
    [0, 1, 2, 3],
    [4, 5],
  ]);
});

test("an empty pool has nothing to do", async () => {
  expect(await runPool([], async () => {}, OPTIONS)).toEqual([]);
});
