// What the conformance suite needs of the toy store: a box on the disk, and hands that reach into it.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoreFixture, StoreLimits } from "../../helpers/store-conformance";

const KEY = "toybox-key-3f9a2c61";
const NO_SERVER = "a box has no server";

export async function openBox(_sandbox: unknown, folder: string): Promise<StoreFixture> {
  const box = join(folder, "box");
  const toy = join(box, "orders.top.json");
  mkdirSync(box);
  writeFileSync(join(box, "key"), KEY);
  return {
    uri: `toybox:${join(box, "orders")}`,
    environment: { TOYBOX_KEY: KEY },
    storeCredentials: [KEY],
    wrongCredentials: { TOYBOX_KEY: "another-key" },
    readSecret: () => (existsSync(toy) ? JSON.parse(readFileSync(toy, "utf8")).client_secret : undefined),
    seedOtherFields: () => writeFileSync(toy, '{ "team": "orders" }'),
    keptOtherFields: () => JSON.parse(readFileSync(toy, "utf8")).team === "orders",
    deny: () => chmodSync(box, 0o500),
    stop: () => {
      renameSync(box, `${box}.away`);
      writeFileSync(box, "");
    },
    restart: () => {
      rmSync(box);
      renameSync(`${box}.away`, box);
    },
    answerBroken: () => writeFileSync(toy, '{ "client_id": '),
    answerHuge: () => writeFileSync(toy, "x".repeat(10_000_000)),
    close: () => {
      if (existsSync(box)) chmodSync(box, 0o700);
    },
  };
}

export const LIMITS: StoreLimits = {
  deny: process.getuid?.() === 0 ? "root may write everywhere" : undefined,
  redirect: NO_SERVER,
  serveTls: NO_SERVER,
};
