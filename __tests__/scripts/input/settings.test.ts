import assert from "node:assert/strict";
import { Socket } from "node:net";
import fc from "fast-check";
import { readKillList } from "../../../scripts/audit/kill-list";
import { readArgv } from "../../../scripts/cli/argv";
import { readClientIds, readStores, readTarget } from "../../../scripts/cli/run-settings";
import { readThen } from "../../../scripts/cli/then-command";
import { adminCredentialVariables, readAdminCredentials } from "../../../scripts/core/admin-credentials";
import { UsageError } from "../../../scripts/core/errors";
import { readLimits } from "../../../scripts/core/limits";
import { readEndpoint } from "../../../scripts/genesys/endpoint";
import { readRotation } from "../../../scripts/rotation/rotation-id";
import { assertHarmless, HOSTILE_TEXTS, hostileText } from "../../helpers/hostile-text";

const RUNS = { numRuns: 1000 };
const SECRET = "s3cret-that-must-not-show";

let connect: jest.SpyInstance;
beforeAll(() => {
  connect = jest.spyOn(Socket.prototype, "connect");
});
afterAll(() => {
  expect(connect).not.toHaveBeenCalled();
  connect.mockRestore();
});

/** Reads; gives what was read, or undefined where it was refused with a message that can be printed. */
function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    assert.deepEqual([error.exitCode, error.secret], [2, "not changed"]);
    assert.ok(error.message.length > 10);
    for (const line of [error.message, error.remedy]) {
      assert.ok(!line.includes("\n"));
      assertHarmless(line);
      assert.ok(!line.includes(SECRET));
    }
    return undefined;
  }
}

test("a client's id and name are taken by flag and variable, or refused", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (id, name) => {
      for (const target of [
        readOrRefuse(() => readTarget({ clientId: id, clientName: name }, {})),
        readOrRefuse(() => readTarget({}, { TARGET_CLIENT_ID: id, TARGET_CLIENT_NAME: name })),
      ]) {
        if (target?.clientId !== undefined) assert.match(target.clientId, /^[\w-]{1,128}$/);
      }
      const known = readOrRefuse(() => readClientIds({ clientId: id }, {}));
      if (known !== undefined) assert.deepEqual(known, [id]);
    }),
    RUNS,
  );
});

test("a rotation id is one line of what shows", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const rotation = readOrRefuse(() => readRotation({ rotation: text }, {}));
      if (typeof rotation === "string") assertHarmless(`the rotation ${rotation.replaceAll("#", "")}`);
      readOrRefuse(() => readRotation({}, { SECRET_ROTATION: text }));
    }),
    RUNS,
  );
});

test("stores are taken by flags and by lines of a variable, or refused", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(hostileText, fc.constantFrom("file:./a", "stdout:")), { maxLength: 4 }),
      (texts) => {
        readOrRefuse(() => readStores({ store: texts, json: texts.length > 2 }, {}));
        readOrRefuse(() =>
          readStores({}, { SECRET_STORES: texts.join("\n"), GENESYS_SECRET_UNDER_TERRAFORM: "1" }),
        );
      },
    ),
    RUNS,
  );
});

test("limits are whole seconds", () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.integer().map(String), fc.double().map(String)), (text) => {
      for (const limits of [
        readOrRefuse(() => readLimits({ retryTimeout: text }, {})),
        readOrRefuse(() => readLimits({ verifyTimeout: text }, {})),
        readOrRefuse(() => readLimits({}, { GENESYS_SECRET_RETRY_TIMEOUT: text })),
        readOrRefuse(() => readLimits({}, { GENESYS_SECRET_VERIFY_TIMEOUT: text })),
      ]) {
        if (limits === undefined) continue;
        for (const limit of Object.values(limits)) {
          assert.ok(limit % 1000 === 0 && limit >= 1000 && limit <= 3_600_000);
        }
      }
    }),
    RUNS,
  );
});

test("region, gateway and proxy give addresses of the host that was named, or nothing", () => {
  const names = ["HOST", "PORT", "PROTOCOL", "PATH_NAME", "PATH_VALUE", "AUTH_USERNAME", "AUTH_PASSWORD"];
  const value = fc.oneof(
    hostileText,
    fc.constantFrom(
      "gw.example",
      "localhost",
      "127.0.0.1",
      "[::1]",
      "::1",
      ":",
      "::::",
      "999.1.1.1",
      "a..b",
      "-",
      ".",
    ),
    fc.constantFrom(
      "http",
      "https",
      "443",
      "login",
      "api",
      "a/b",
      "a/../b",
      "?x",
      "a#b",
      "@evil.example",
      "\\evil",
    ),
  );
  const environment = fc.dictionary(
    fc.constantFrom(
      "GENESYSCLOUD_REGION",
      "GENESYS_CLOUD_REGION",
      ...names.flatMap((name) => [`GENESYSCLOUD_GATEWAY_${name}`, `GENESYSCLOUD_PROXY_${name}`]),
    ),
    value,
  );
  let taken = 0;
  fc.assert(
    fc.property(environment, fc.option(hostileText, { nil: undefined }), (variables, flag) => {
      const endpoint = readOrRefuse(() => readEndpoint(variables, flag));
      if (!endpoint) return;
      taken += 1;
      const host = variables.GENESYSCLOUD_GATEWAY_HOST?.trim();
      for (const base of [endpoint.api, endpoint.login]) {
        const { protocol, hostname, username, search, hash } = new URL(`${base}/oauth/token`);
        assert.deepEqual([username, search, hash], ["", "", ""]);
        if (protocol === "http:") assert.match(hostname, /^(localhost|127\.|\[::1\]$)/);
        if (!host) assert.match(hostname, /\.(mypurecloud\.|\w+\.pure\.cloud$)|\.us-gov-pure\.cloud$/);
        assert.equal(new URL(`${base}/oauth/token`).href, `${base}/oauth/token`);
      }
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test("admin credentials never show, and a name of a variable is one", () => {
  const names = [
    "GENESYSCLOUD_OAUTHCLIENT_ID",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET",
    "GENESYS_CLOUD_CLIENT_ID",
    "GENESYS_CLOUD_CLIENT_SECRET",
    "GENESYSCLOUD_ACCESS_TOKEN",
    "GENESYS_SECRET_ADMIN_ID_VARIABLE",
    "GENESYS_SECRET_ADMIN_SECRET_VARIABLE",
  ];
  const value = fc.oneof(
    hostileText.map((text) => `${SECRET}${text}`),
    fc.constantFrom(
      "id",
      "constructor",
      "__proto__",
      "toString",
      "PATH",
      ...HOSTILE_TEXTS.filter((text) => text.length < 30),
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (variables) => {
      // A name of a variable is shown, what it holds is not.
      const shown = Object.fromEntries(
        Object.entries(variables).map(([name, text]) =>
          name.endsWith("_VARIABLE") ? [name, text.replace(SECRET, "X")] : [name, text],
        ),
      );
      const admin = readOrRefuse(() => readAdminCredentials(shown));
      readOrRefuse(() => adminCredentialVariables(shown));
      if (admin?.kind === "client") {
        assert.match(admin.clientId, /^[\w-]+$/);
        assert.match(admin.clientSecret.reveal(), /^[\x21-\x7e]+$/);
      } else if (admin) assert.match(admin.accessToken.reveal(), /^[\x21-\x7e]+$/);
    }),
    RUNS,
  );
});

test("commands are JSON arrays of words", () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, fc.json()), (text) => {
      for (const argv of [
        readOrRefuse(() => readArgv(text, "--then")),
        readOrRefuse(() => readThen({ then: text }, {})),
        readOrRefuse(() => readThen({}, { SECRET_THEN: text })),
      ]) {
        if (argv === undefined) continue;
        for (const word of argv) assert.ok(!word.includes("\0"));
        assert.notEqual(argv[0].trim(), "");
      }
    }),
    RUNS,
  );
});

test("what an audit may regenerate is taken, or refused", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(hostileText, hostileText).map((pair) => pair.join("=")),
        { maxLength: 3 },
      ),
      (texts) => {
        const list = readOrRefuse(() => readKillList(texts));
        for (const id of list?.keys() ?? []) assert.match(id, /^[\w-]+$/);
      },
    ),
    RUNS,
  );
});
