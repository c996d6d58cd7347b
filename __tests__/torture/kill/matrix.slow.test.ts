import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { killEverywhere } from "./matrix";
import type { Place } from "./recorded-program";
import type { Target } from "./stores";
import { vault } from "./stores/on-servers";
import { command, file, gitlabDotenv } from "./stores/on-this-machine";
import type { StoreKind, TestedStore } from "./stores/tested-store";
import { killAt, recordPlaces } from "./trial";

const IRREVERSIBLE = /POST \S+\/secret #1$/;
const AFTER_CALL = "answer to POST /api/v2/oauth/clients/ID/secret #1";

const alone = (kind: StoreKind): Target => ({ name: kind.name, kinds: [kind] });

/** A kind of store of which one thing is not as it should be. */
function spoiled(
  kind: StoreKind,
  spoil: (store: TestedStore, folder: string) => Partial<TestedStore>,
): Target {
  const open: StoreKind["open"] = async (ground) => {
    const store = await kind.open(ground);
    return { ...store, ...spoil(store, ground.folder) };
  };
  return alone({ name: kind.name, open });
}

describe("a part of the kill matrix; `npm run torture:kill` is the whole", () => {
  test("the places of a healthy run: the irreversible call just before, just after, and its answer", async () => {
    const { places, unsteady } = await recordPlaces(alone(command), "empty");
    expect(unsteady).toEqual([]);
    expect(places.filter((place) => IRREVERSIBLE.test(place))).toEqual([
      "before POST /api/v2/oauth/clients/ID/secret #1",
      "after POST /api/v2/oauth/clients/ID/secret #1",
      AFTER_CALL,
    ]);
    expect(places).toContain("before spawn node #1");
    expect(new Set(places).size).toBe(places.length);
  });

  test("killed around the irreversible call and where a store is written, each heals with the next run", async () => {
    const chosen = (places: readonly Place[]): readonly Place[] =>
      places.filter(
        (place) =>
          IRREVERSIBLE.test(place) ||
          /^(before|after) (rename|spawn)|answer to POST \/v1\/secret/.test(place),
      );
    const groups = await killEverywhere([command, vault, file, gitlabDotenv].map(alone), 8, () => {}, chosen);
    expect(groups).toHaveLength(8);
    for (const { target, start, results } of groups) {
      expect({
        store: target.name,
        start,
        broken: results.filter(({ problems }) => problems.length > 0),
      }).toEqual({ store: target.name, start, broken: [] });
      // After the call and before the store nothing lives, which is why it has to be run again.
      expect(results.find(({ place }) => place === AFTER_CALL)?.left).toBe(
        start === "stored" ? "dead" : "empty",
      );
    }
  });
});

describe("what the matrix calls broken", () => {
  test("a store that holds a dead secret after the next run", async () => {
    const target = spoiled(command, () => ({ held: () => "a-secret-that-never-was" }));
    expect(await killAt(target, "empty", AFTER_CALL)).toMatchObject({
      left: "dead",
      problems: expect.arrayContaining(["after the next run: dead"]),
    });
  });

  test("a secret that is lost although nothing was regenerated", async () => {
    let looks = 0;
    const target = spoiled(command, ({ held }) => ({
      held: () => (looks++ === 0 ? "a-secret-that-never-was" : held()),
    }));
    const { problems } = await killAt(target, "stored", "before POST /oauth/token #1");
    expect(problems).toEqual(["nothing was regenerated, and a store has lost its secret"]);
  });

  test("what is left behind, on the disk and on a server", async () => {
    const target = spoiled(command, (_store, folder) => {
      writeFileSync(join(folder, "stray.tmp"), "");
      return { leftovers: () => ["a staged version"] };
    });
    const { problems } = await killAt(target, "empty", AFTER_CALL);
    expect(problems).toEqual(["left behind: a staged version", "left behind: work/stray.tmp"]);
  });

  test("a secret in a file that is no store's", async () => {
    const { problems } = await killAt(
      spoiled(command, () => ({ files: [] })),
      "stored",
      AFTER_CALL,
    );
    expect(problems).toContainEqual(expect.stringMatching(/^after the kill: .*\/kept: secret \d+, raw$/));
  });

  test("nothing of a place that only a slow run comes to: it is made slow", async () => {
    const place = "after utimes ./orders.json.lock #2";
    expect(await killAt(alone(file), "empty", place)).toEqual({ place, left: "alive", problems: [] });
  });

  test("a place that is never reached", async () => {
    expect(await killAt(alone(command), "empty", "before rename nothing #1")).toMatchObject({
      left: undefined,
      problems: ["was not reached in 3 runs; the last ended with 0"],
    });
  });

  test("a store for which no run is healthy", async () => {
    const target = spoiled(command, () => ({ uri: 'command:["/nowhere"]' }));
    await expect(recordPlaces(target, "empty")).rejects.toThrow("a healthy run ended with 6");
  });
});
