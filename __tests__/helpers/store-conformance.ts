import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../../sandbox/org";
import { isScheme, type Scheme } from "../../scripts/stores/schemes";
import { type Certificate, missingOpenssl, selfSigned } from "./certificate";
import { describeUnlessMissing } from "./engines";
import { HttpGate } from "./http-gate";
import { findLeaks } from "./leaks";
import { oneClient, SECRET_CALL } from "./one-client";
import type { ProgramResult } from "./program";
import { refusedWrite } from "./store-rows";

type Awaitable<T> = T | Promise<T>;

/** A store's server, started for one test, and the strings behind its stage. */
export interface StoreFixture {
  readonly uri: string;
  /** The store's own variables, credentials included. HOME is an empty folder unless this names one. */
  readonly environment: Readonly<Record<string, string>>;
  /** What no output and no other host may ever show: tokens, passwords, keys. */
  readonly storeCredentials: readonly string[];
  /** The secret that the server holds now, looked up behind the program's back. */
  readSecret(): Awaitable<string | undefined>;
  close(): Awaitable<void>;
  /** Puts fields of somebody else into the document. */
  seedOtherFields?(): Awaitable<void>;
  /** Whether they are all still there. */
  keptOtherFields?(): Awaitable<boolean>;
  /** From here on the credentials are good, but may not write. */
  deny?(): Awaitable<void>;
  /** Variables that hold credentials which the server refuses. */
  readonly wrongCredentials?: Readonly<Record<string, string>>;
  /** From here on connections are refused; resolves when they are. */
  stop?(): Awaitable<void>;
  /** Undoes `stop`, with all that was stored. */
  restart?(): Awaitable<void>;
  /** From here on every request is redirected to this origin (`http://localhost:PORT`). */
  redirect?(origin: string): Awaitable<void>;
  /** From here on every answer has 10 MB. */
  answerHuge?(): Awaitable<void>;
  /** From here on every answer is half a JSON document. */
  answerBroken?(): Awaitable<void>;
  /** Serves the store with this certificate, too. @returns the variables that lead there, nothing that trusts it */
  serveTls?(certificate: Certificate): Awaitable<Readonly<Record<string, string>>>;
}

/** What a store cannot have, each with the reason. */
export interface StoreLimits {
  /** Why it cannot be read back. */
  readonly read?: string;
  /** Why it holds no document, but the bare secret. */
  readonly document?: string;
  readonly deny?: string;
  readonly wrongCredentials?: string;
  readonly stop?: string;
  readonly redirect?: string;
  readonly answerHuge?: string;
  readonly answerBroken?: string;
  readonly serveTls?: string;
}

/**
 * What every store has to keep, on the bundle as a process and against a sandbox org.
 * @param name begins with the scheme and a colon
 * @param open starts the store's server, empty; called for each test
 * @param limits what this store cannot have; a control that is neither here nor in the fixture fails its test
 */
export function describeStore(
  name: string,
  open: (sandbox: Sandbox, folder: string) => Promise<StoreFixture>,
  limits: StoreLimits = {},
): void {
  describe(`the store ${name} as one of many`, () => {
    let store: StoreFixture;
    const one = oneClient({
      environment: () => ({
        GENESYS_SECRET_RETRY_TIMEOUT: "120",
        GENESYS_SECRET_VERIFY_TIMEOUT: "2",
        ...store.environment,
      }),
      credentials: () => store.storeCredentials,
    });

    beforeEach(async () => {
      store = await open(one.sandbox, one.folder);
    });

    afterEach(() => store?.close());

    /**
     * Runs `regenerate`, and checks what holds for each run: nothing on stdout, no credential anywhere.
     * @param hear told of all that it has said so far, each time that it says something
     */
    async function regenerate(
      environment: Readonly<Record<string, string>> = {},
      args: readonly string[] = [],
      hear: (stderr: string) => void = () => {},
    ): Promise<ProgramResult> {
      const running = one.start(
        ["regenerate", "--client-id", one.id, "--store", store.uri, ...args],
        environment,
      );
      let heard = "";
      running.child.stderr?.on("data", (chunk) => {
        heard += chunk;
        hear(heard);
      });
      const result = await running.result;
      one.expectDiscreet(result);
      expect(result.stderr).not.toMatch(/\[object Object\]|undefined/);
      return result;
    }

    /** Refused with 6 before the call: the old secret lives, and no call was made. */
    async function expectNotReady(environment: Readonly<Record<string, string>> = {}): Promise<void> {
      const result = await regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "1", ...environment });
      expect({ code: result.code, stderr: result.stderr }).toMatchObject({
        code: 6,
        stderr: expect.stringMatching(/Error ERR_STORE_\w+: /),
      });
      expect(result.stderr).toContain("Secret:    not changed");
      expect(one.attempted()).toBe(0);
      expect(one.accepts(one.bornWith)).toBe(true);
    }

    async function expectStored(result: ProgramResult): Promise<void> {
      expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
      expect(result.stderr).toContain(
        limits.read === undefined
          ? "holds the new secret; read back, it logs in"
          : "was given the new secret; it cannot be read back",
      );
      expect(one.accepts((await store.readSecret()) ?? "")).toBe(true);
    }

    /** A test that needs something a store may be unable to have; then its title says why not. */
    function testUnless(limit: string | undefined, title: string, body: () => Promise<void>): void {
      const skipped = test.skip;
      if (limit === undefined) test(title, body);
      else skipped(`${title} [cannot be: ${limit}]`, body);
    }

    /** A control of the fixture; it must be there unless the limits name it. */
    function control<K extends keyof StoreFixture>(key: K): NonNullable<StoreFixture[K]> {
      const found = store[key];
      if (found === undefined || found === null) throw new Error(`${name}: no ${key}, and no reason why not`);
      return (typeof found === "function" ? found.bind(store) : found) as NonNullable<StoreFixture[K]>;
    }

    test("is written twice, and a dry run leaves nothing behind", async () => {
      expect((await regenerate({}, ["--dry-run"])).code).toBe(0);
      expect(await store.readSecret()).toBeUndefined();
      expect(one.attempted()).toBe(0);
      await expectStored(await regenerate());
      const first = await store.readSecret();
      await expectStored(await regenerate());
      expect(await store.readSecret()).not.toBe(first);
      expect(one.attempted()).toBe(2);
    });

    testUnless(limits.read ?? limits.document, "is read: a new store gets a copy, no rotation", async () => {
      await expectStored(await regenerate({}, ["--rotation", "1"]));
      const { code } = await regenerate({}, ["--rotation", "1", "--store", "file:./copy.json"]);
      expect(code).toBe(0);
      expect(one.attempted()).toBe(1);
      const copy = JSON.parse(readFileSync(join(one.folder, "copy.json"), "utf8"));
      expect(copy.client_secret === (await store.readSecret())).toBe(true);
    });

    testUnless(limits.document, "keeps the fields of others", async () => {
      await control("seedOtherFields")();
      await expectStored(await regenerate());
      expect(await control("keptOtherFields")()).toBe(true);
      await expectStored(await regenerate());
      expect(await control("keptOtherFields")()).toBe(true);
    });

    /** Puts another client's secret there, as the program does. @returns the client's id */
    async function storeAnother(): Promise<string> {
      const { id } = one.sandbox.addClient({ name: "billing" });
      const argv = ["regenerate", "--client-id", id, "--store", store.uri];
      expect(await one.run(argv)).toMatchObject({ code: 0 });
      return id;
    }

    if (limits.read === undefined && limits.document === undefined)
      refusedWrite(
        {
          store: schemeOf(name),
          condition: "the valid secret of another client is there",
          place: "exists",
        },
        async () => {
          const theirs = await storeAnother();
          const [secret = "", before] = [await store.readSecret(), one.attempted()];
          const [dry, result] = [await regenerate({}, ["--dry-run"]), await regenerate()];
          for (const { code, stderr } of [dry, result]) {
            expect({ code, stderr }).toMatchObject({
              code: 6,
              stderr: expect.stringContaining("ERR_STORE_FOREIGN"),
            });
            expect(stderr).toContain(`holds the secret of another client, ${theirs}: it is valid`);
            expect(stderr).toContain("Secret:    not changed");
          }
          expect((await store.readSecret()) === secret).toBe(true);
          expect(one.sandbox.accepts(theirs, secret)).toBe(true);
          expect(one.accepts(one.bornWith)).toBe(true);
          return { ...result, calls: one.attempted() - before };
        },
      );
    else
      refusedWrite(
        {
          store: schemeOf(name),
          condition: `another client's secret is there, and ${limits.read ?? limits.document}`,
          place: "exists",
          exit: 0,
          calls: 1,
        },
        async () => {
          await storeAnother();
          const before = one.attempted();
          const result = await regenerate();
          await expectStored(result);
          return { ...result, calls: one.attempted() - before };
        },
      );

    testUnless(limits.deny, "ends a run with 6 when it denies before the call", async () => {
      await control("deny")();
      await expectNotReady();
    });

    testUnless(limits.wrongCredentials, "ends a run with 6 for wrong credentials", async () => {
      await expectNotReady(control("wrongCredentials"));
    });

    testUnless(limits.stop, "ends a run with 6 when it is down before the call", async () => {
      await control("stop")();
      await expectNotReady();
    });

    testUnless(limits.stop, "is waited for when it is down after the call for a short time", async () => {
      const [stop, restart] = [control("stop"), control("restart")];
      one.sandbox.onRequest(({ path }) => (SECRET_CALL.test(path) ? stop() : undefined));
      let back: Promise<void> | undefined;
      const result = await regenerate({}, [], (stderr) => {
        if (stderr.includes("; trying again")) back ??= Promise.resolve(restart());
      });
      await back;
      await expectStored(result);
      expect(result.stderr).toContain("; trying again");
      expect(one.attempted()).toBe(1);
    });

    testUnless(
      limits.stop,
      "ends a run with 8 when it stays down after the call; running again heals",
      async () => {
        const [stop, restart] = [control("stop"), control("restart")];
        const forget = one.sandbox.onRequest(({ path }) => (SECRET_CALL.test(path) ? stop() : undefined));
        const result = await regenerate({ GENESYS_SECRET_RETRY_TIMEOUT: "1" });
        expect({ code: result.code, stderr: result.stderr }).toMatchObject({
          code: 8,
          stderr: expect.stringContaining("is NOT known to hold the new secret"),
        });
        expect(result.stderr).toContain("Secret:    changed");
        forget();
        await restart();
        await expectStored(await regenerate());
      },
    );

    testUnless(
      limits.redirect,
      "ends a run with 6 when it redirects to another host, which never sees a credential",
      async () => {
        const seen: string[] = [];
        const other = await HttpGate.open((request, response) => {
          seen.push([request.url, ...request.rawHeaders].join("\n"));
          request.on("data", (chunk) => seen.push(String(chunk)));
          request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
        });
        try {
          await control("redirect")(`http://localhost:${other.port}`);
          await expectNotReady();
        } finally {
          await other.stop();
        }
        expect(findLeaks(seen.join("\n"), store.storeCredentials)).toEqual([]);
        expect(seen.join("\n")).not.toMatch(/authorization|-token/i);
      },
    );

    testUnless(limits.answerHuge, "ends a run with 6 for an answer of 10 MB", async () => {
      await control("answerHuge")();
      await expectNotReady();
    });

    testUnless(limits.answerBroken, "ends a run with 6 for an answer of broken JSON", async () => {
      await control("answerBroken")();
      await expectNotReady();
    });

    describeUnlessMissing(limits.serveTls === undefined ? missingOpenssl : undefined, "over TLS", () => {
      testUnless(limits.serveTls, "ends a run with 6 for a certificate that nobody knows", async () => {
        await expectNotReady(await control("serveTls")(selfSigned()));
      });
    });
  });
}

/** The scheme that a suite's name begins with. */
function schemeOf(name: string): Scheme {
  const scheme = name.slice(0, name.indexOf(":"));
  if (!isScheme(scheme)) throw new Error(`${name}: it must begin with a scheme and a colon`);
  return scheme;
}
