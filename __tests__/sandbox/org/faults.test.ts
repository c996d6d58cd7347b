import { request } from "node:http";
import { type Fault, type Sandbox, startSandbox } from "../../../sandbox/org";
import { type Api, apiOf, logIn } from "./caller";

const CLIENTS = "/api/v2/oauth/clients";
const SECRET = `${CLIENTS}/*/secret`;

let sandbox: Sandbox;
let api: Api;
let client: { id: string; secret: string };

beforeEach(async () => {
  sandbox = await startSandbox();
  api = await apiOf(sandbox);
  client = sandbox.addClient({ name: "orders" });
});

afterEach(() => sandbox.close());

const regenerate = () => api("POST", `${CLIENTS}/${client.id}/secret`);
const regenerated = () => sandbox.liveSecret(client.id) !== client.secret;

describe("a fault's place and time", () => {
  test.each([
    [{ path: CLIENTS }, "GET", CLIENTS, true],
    [{ path: CLIENTS }, "GET", `${CLIENTS}?pageNumber=1`, true],
    [{ path: CLIENTS }, "GET", `${CLIENTS}/x`, false],
    [{ path: `${CLIENTS}/*` }, "GET", `${CLIENTS}/x`, true],
    [{ path: "*" }, "GET", CLIENTS, true],
    [{ path: "/api/v2/*/clients" }, "GET", CLIENTS, true],
    [{ path: "/api.v2/oauth/clients" }, "GET", CLIENTS, false],
    [{ method: "POST", path: CLIENTS }, "GET", CLIENTS, false],
    [{ method: "GET", path: CLIENTS }, "GET", CLIENTS, true],
  ])("%j and %s %s: %p", async (where, method, path, hit) => {
    sandbox.fault({ ...where, status: 503 });
    expect((await api(method, path)).status === 503).toBe(hit);
  });

  test("once by default, after the requests that it skips, and as often as it says", async () => {
    const statuses = async (fault: Partial<Fault>) => {
      sandbox.clearFaults();
      sandbox.fault({ path: CLIENTS, status: 503, ...fault });
      const seen: number[] = [];
      for (let n = 0; n < 4; n += 1) seen.push((await api("GET", CLIENTS)).status);
      return seen;
    };
    expect(await statuses({})).toEqual([503, 200, 200, 200]);
    expect(await statuses({ skip: 1 })).toEqual([200, 503, 200, 200]);
    expect(await statuses({ skip: 1, times: 2 })).toEqual([200, 503, 503, 200]);
    expect(await statuses({ times: Number.POSITIVE_INFINITY })).toEqual([503, 503, 503, 503]);
  });

  test("several hit one after the other, and can be called off", async () => {
    sandbox.fault({ path: CLIENTS, status: 502 });
    sandbox.fault({ path: CLIENTS, status: 504 });
    sandbox.fault({ path: CLIENTS, status: 500 });
    expect((await api("GET", CLIENTS)).status).toBe(502);
    expect((await api("GET", CLIENTS)).status).toBe(504);
    sandbox.clearFaults();
    expect((await api("GET", CLIENTS)).status).toBe(200);
  });

  test("the login can have them, too", async () => {
    sandbox.fault({ method: "POST", path: "/oauth/token", status: 503 });
    expect((await logIn(sandbox, client.id, client.secret)).status).toBe(503);
    expect((await logIn(sandbox, client.id, client.secret)).status).toBe(200);
  });

  test.each([
    [{ status: 503 }, "path"],
    [{ path: "/x" }, "at least one of"],
    [{ path: "x", status: 503 }, "path"],
    [{ path: "/x", status: 99 }, "status"],
    [{ path: "/x", status: 600 }, "status"],
    [{ path: "/x", status: 503, method: "post" }, "method"],
    [{ path: "/x", status: 503, times: 0 }, "times"],
    [{ path: "/x", status: 503, skip: -1 }, "skip"],
    [{ path: "/x", delayMs: "1" }, "delayMs"],
    [{ path: "/x", drop: "during" }, "drop"],
    [{ path: "/x", truncate: 1 }, "truncate"],
    [{ path: "/x", answerDelayMs: -1 }, "answerDelayMs"],
    [{ path: "/x", trickleMs: "slow" }, "trickleMs"],
    [{ path: "/x", shortenBy: 0.5 }, "shortenBy"],
    [{ path: "/x", headers: { a: 1 } }, "headers"],
    [{ path: "/x", status: 503, after: 1 }, "no property after"],
    ["/x", "object"],
  ])("%j is no fault, for its %s", (fault, named) => {
    expect(() => sandbox.fault(fault as Fault)).toThrow(named);
  });
});

describe("a fault", () => {
  test("gives status, headers and body in place of the org's, which does nothing", async () => {
    sandbox.fault({ path: SECRET, status: 429, headers: { "Retry-After": "1" }, body: { code: "slow" } });
    const reply = await regenerate();
    expect([reply.status, reply.headers.get("retry-after"), reply.body]).toEqual([
      429,
      "1",
      { code: "slow" },
    ]);
    expect(regenerated()).toBe(false);
  });

  test("gives a body that is not JSON, with 200", async () => {
    sandbox.fault({ path: CLIENTS, body: "<html>login</html>", headers: { "Content-Type": "text/html" } });
    const reply = await api("GET", CLIENTS);
    expect([reply.status, reply.headers.get("content-type"), reply.body]).toEqual([
      200,
      "text/html",
      "<html>login</html>",
    ]);
  });

  test("a gateway that gave up while the org acted", async () => {
    sandbox.fault({ path: SECRET, status: 504, afterEffect: true });
    expect((await regenerate()).status).toBe(504);
    expect(regenerated()).toBe(true);
  });

  test("delays the org's answer", async () => {
    sandbox.fault({ path: CLIENTS, delayMs: 200 });
    const before = Date.now();
    expect((await api("GET", CLIENTS)).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(195);
  });

  test("a caller that hangs up in the delay does not stop the org", async () => {
    sandbox.fault({ path: SECRET, delayMs: 1_000 });
    const answered = new Promise<void>((resolve) => {
      sandbox.onAnswer(() => resolve());
    });
    const url = `${sandbox.origin}${CLIENTS}/${client.id}/secret`;
    const token = sandbox.everyTokenEver()[0];
    const hangUp = new AbortController();
    sandbox.onRequest(() => hangUp.abort());
    await expect(
      fetch(url, { method: "POST", headers: { authorization: `Bearer ${token}` }, signal: hangUp.signal }),
    ).rejects.toThrow();
    expect(regenerated()).toBe(false);
    await answered;
    expect(regenerated()).toBe(true);
  });

  test("drops the connection before the effect", async () => {
    sandbox.fault({ path: SECRET, drop: "before" });
    await expect(regenerate()).rejects.toThrow("fetch failed");
    expect(regenerated()).toBe(false);
    expect((await regenerate()).status).toBe(200);
  });

  test("drops the connection after the effect", async () => {
    sandbox.fault({ path: SECRET, drop: "after" });
    await expect(regenerate()).rejects.toThrow("fetch failed");
    expect(regenerated()).toBe(true);
  });

  test("an answer that ends in its middle", async () => {
    sandbox.fault({ path: SECRET, truncate: true });
    const { status, announced, got } = await raw(`${CLIENTS}/${client.id}/secret`);
    expect(status).toBe(200);
    expect(got).toBe(Math.floor(announced / 2));
    expect(regenerated()).toBe(true);
    sandbox.fault({ path: SECRET, truncate: true });
    await expect(regenerate()).rejects.toThrow();
  });

  test("an answer without a body can be cut, too", async () => {
    sandbox.fault({ path: SECRET, status: 200, truncate: true });
    await expect(regenerate().then(({ body }) => JSON.parse(body))).rejects.toThrow();
  });

  test("an answer that is late: the org has acted long before", async () => {
    sandbox.fault({ path: SECRET, answerDelayMs: 60_000 });
    const url = `${sandbox.origin}${CLIENTS}/${client.id}/secret`;
    const headers = { authorization: `Bearer ${sandbox.everyTokenEver()[0]}` };
    const hanging = expect(fetch(url, { method: "POST", headers })).rejects.toThrow();
    while (!regenerated()) await new Promise((resolve) => setTimeout(resolve, 5));
    await sandbox.close();
    await hanging;
  });

  test("an answer that lacks its last byte, and looks whole", async () => {
    sandbox.fault({ path: SECRET, shortenBy: 1 });
    const headers = { authorization: `Bearer ${sandbox.everyTokenEver()[0]}` };
    const answer = await fetch(`${sandbox.origin}${CLIENTS}/${client.id}/secret`, {
      method: "POST",
      headers,
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(JSON.parse(`${await answer.text()}}`)).toMatchObject({ secret: sandbox.liveSecret(client.id) });
  });

  test("an answer that trickles arrives whole, a byte at a time", async () => {
    sandbox.fault({ path: SECRET, body: { secret: "sixteen bytes" }, trickleMs: 5 });
    const { status, announced, got, chunks } = await raw(`${CLIENTS}/${client.id}/secret`);
    expect([status, got]).toEqual([200, announced]);
    expect(chunks).toBeGreaterThan(announced / 2);
  });

  test("closing the sandbox ends a delay", async () => {
    sandbox.fault({ path: CLIENTS, delayMs: 60_000 });
    const hanging = expect(api("GET", CLIENTS)).rejects.toThrow("fetch failed");
    await new Promise<void>((resolve) => {
      const stop = sandbox.onRequest(() => {
        stop();
        resolve();
      });
    });
    await sandbox.close();
    await hanging;
  });
});

/** A POST that counts the bytes which arrive: fetch hides those of a broken answer. */
function raw(path: string): Promise<{ status: number; announced: number; got: number; chunks: number }> {
  const headers = { authorization: `Bearer ${sandbox.everyTokenEver()[0]}` };
  return new Promise((resolve, reject) => {
    request(`${sandbox.origin}${path}`, { method: "POST", headers }, (response) => {
      let got = 0;
      let chunks = 0;
      response.on("data", (chunk: Buffer) => {
        got += chunk.length;
        chunks += 1;
      });
      response.on("error", () => undefined);
      response.on("close", () => {
        const announced = Number(response.headers["content-length"]);
        resolve({ status: response.statusCode ?? 0, announced, got, chunks });
      });
    })
      .on("error", reject)
      .end();
  });
}
