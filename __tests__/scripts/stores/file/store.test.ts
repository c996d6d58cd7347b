import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeStore } from "../../../helpers/store-conformance";

const NO_SERVER = "a file has no server";

describeStore(
  "file:",
  async (_sandbox, folder) => {
    const home = join(folder, "store");
    const file = join(home, "orders.json");
    const put = (text: string): void => {
      mkdirSync(home, { recursive: true });
      writeFileSync(file, text, { mode: 0o600 });
    };
    return {
      uri: "file:./store/orders.json",
      environment: {},
      storeCredentials: [],
      readSecret: () => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).client_secret : undefined),
      seedOtherFields: () => put('{ "team": { "name": "orders" }, "notes": ["mine"] }'),
      keptOtherFields: () => {
        const { team, notes } = JSON.parse(readFileSync(file, "utf8"));
        return team.name === "orders" && notes[0] === "mine";
      },
      deny: () => {
        put("{}");
        chmodSync(home, 0o500);
      },
      // A disk that is taken away: what was the folder is none any more.
      stop: () => {
        mkdirSync(home, { recursive: true });
        renameSync(home, `${home}.away`);
        writeFileSync(home, "");
      },
      restart: () => {
        rmSync(home);
        renameSync(`${home}.away`, home);
      },
      answerHuge: () => put("x".repeat(10_000_000)),
      answerBroken: () => put('{ "client_id": '),
      close: () => {
        if (existsSync(home)) chmodSync(home, 0o700);
      },
    };
  },
  {
    deny: process.getuid?.() === 0 ? "root may write everywhere" : undefined,
    wrongCredentials: "a file needs none",
    redirect: NO_SERVER,
    serveTls: NO_SERVER,
  },
);
