import type { IncomingMessage, RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import type { HttpCall } from "../../../scripts/http/client";
import { LIMITS } from "../../../scripts/http/limits";
import { missingOpenssl, selfSigned } from "../../helpers/certificate";
import { describeUnlessMissing } from "../../helpers/engines";
import { loadEsModules } from "../../helpers/es-modules";
import { endless, sent } from "../../helpers/hostile-answers";
import { HttpGate } from "../../helpers/http-gate";
import { freePort } from "../../helpers/local-server";
import { runProgram } from "../../helpers/program";

type Client = typeof import("../../../scripts/http/client") & typeof import("../../../scripts/http/fault");
type Fault = InstanceType<Client["Redirected"]>;

const { AnswerTooLarge, Redirected, send, Unanswered } = loadEsModules<Client>(
  "scripts/http/client.ts",
  "scripts/http/fault.ts",
);
const TOKEN = "a-token-that-nobody-shows";
const PATIENT_MS = 60_000;

const gates: HttpGate[] = [];
afterEach(async () => {
  await Promise.all(gates.splice(0).map((gate) => gate.stop()));
});

/** A server on loopback, and the requests that reach it. */
async function serve(
  answer: RequestListener,
  certificate?: Parameters<typeof HttpGate.open>[1],
): Promise<{ origin: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const gate = await HttpGate.open((request, response) => {
    requests.push(request);
    answer(request, response);
  }, certificate);
  gates.push(gate);
  return { origin: gate.origin, requests };
}

function get(url: string, changes: Partial<HttpCall> = {}) {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return send({ method: "GET", url, limits: LIMITS.json, headers, ...changes });
}

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error,
  );

/** Answers the first requests with a status, then 200. */
const failing =
  (times: number, status: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    times -= 1;
    response.writeHead(times >= 0 ? status : 200, headers).end("ok");
  };

/** Goes on for a time, and notes the waits that are announced. */
function patient(delays: number[], remaining = PATIENT_MS): HttpCall["retry"] {
  return () => ({ remaining, announce: (delay) => delays.push(delay) });
}

describe("what every request keeps to", () => {
  test.each([301, 302, 303, 307, 308])(
    "a redirect (%d) is a fault, and no request goes there",
    async (status) => {
      const elsewhere = await serve((_, response) => response.end("ok"));
      const { origin, requests } = await serve((_, response) => {
        response.writeHead(status, { location: `${elsewhere.origin}/there` }).end("gone");
      });
      const fault = await faultOf(get(origin, { retry: patient([]) }));
      expect(fault).toBeInstanceOf(Redirected);
      expect((fault as Fault).message).toBe(
        `it redirects to another address (${status}), which is not followed`,
      );
      expect((fault as Fault).answer.body.toString()).toBe("gone");
      expect([requests.length, elsewhere.requests.length]).toEqual([1, 0]);
    },
  );

  test.each([
    ["a success", 200, false],
    ["a success that announces its size", 200, true],
    ["a refusal", 503, false],
  ])("%s of gigabytes is cut off at the limit, and not asked for again", async (_, status, announced) => {
    const pour = endless(status, announced);
    const { origin, requests } = await serve((request, response) =>
      pour(response, request as unknown as Parameters<typeof pour>[1]),
    );
    const before = sent.bytes;
    const [json, kubernetes] = [LIMITS.json, { ...LIMITS.kubernetes, attempts: 5 }];
    const fault = await faultOf(get(origin, { limits: json, retry: patient([]) }));
    expect(fault).toBeInstanceOf(AnswerTooLarge);
    expect((fault as Error).message).toBe("its answer is larger than 1 MB");
    const larger = await faultOf(get(origin, { limits: kubernetes, retry: patient([]) }));
    expect((larger as Error).message).toBe("its answer is larger than 8 MB");
    // What is on its way fills buffers; far more than that would be read without a limit.
    expect(sent.bytes - before).toBeLessThan(64 * 1024 ** 2);
    expect(requests).toHaveLength(2);
  });

  test("compression is not asked for, and what is compressed all the same is not unpacked", async () => {
    const packed = gzipSync("x".repeat(100_000));
    const { origin, requests } = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
    });
    const { body } = await get(origin, { headers: { "Accept-Encoding": "gzip, br" } });
    expect(body.equals(packed)).toBe(true);
    expect(requests[0]?.headers["accept-encoding"]).toBeUndefined();
    expect(requests[0]?.headers["user-agent"]).toBe("genesys-secret");
  });

  test("a server that says nothing is given up within the limit for the whole attempt", async () => {
    const { origin } = await serve(() => {});
    const fault = await faultOf(get(origin, { limits: { ...LIMITS.json, wholeMs: 50 } }));
    expect(fault).toBeInstanceOf(Unanswered);
    expect(fault).toMatchObject({ late: "request", untrusted: false });
    expect((fault as Error).message).toBe('it did not answer within the time for "request"');
  });

  test("a server that is not there is named by a code, and nothing of the request shows", async () => {
    const fault = await faultOf(get(`http://127.0.0.1:${await freePort()}`, { retry: undefined }));
    expect(fault).toBeInstanceOf(Unanswered);
    expect((fault as Error).message).toBe("it cannot be reached (ECONNREFUSED)");
    expect(JSON.stringify([fault, (fault as Error).stack, (fault as Error).cause])).not.toContain(TOKEN);
  });

  test("an interrupt ends a request that waits", async () => {
    const { origin, requests } = await serve(() => {});
    const interrupt = new AbortController();
    const call = faultOf(get(origin, { signal: interrupt.signal }));
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    interrupt.abort();
    expect(await call).toBeInstanceOf(Unanswered);
  });
});

describe("when a request is repeated", () => {
  test("Retry-After is honoured, as a number and as a date", async () => {
    const delays: number[] = [];
    const seconds = await serve(failing(1, 503, { "retry-after": "2" }));
    expect((await get(seconds.origin, { retry: patient(delays) })).status).toBe(200);
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const hour = await serve(failing(1, 429, { "retry-after": date }));
    expect((await get(hour.origin, { retry: patient(delays) })).status).toBe(429);
    expect(delays).toHaveLength(1);
    expect(delays[0]).toBeGreaterThanOrEqual(2_000);
    expect([seconds.requests.length, hour.requests.length]).toEqual([2, 1]);
  });

  test("a status is repeated only where the rule or the caller has it so", async () => {
    const teapot = await serve(failing(1, 418));
    expect((await get(teapot.origin, { retry: patient([]) })).status).toBe(418);
    const known = await serve(failing(1, 418));
    const retry = (): ReturnType<NonNullable<HttpCall["retry"]>> => ({
      remaining: PATIENT_MS,
      alsoTransient: true,
      announce: () => {},
    });
    expect((await get(known.origin, { retry })).status).toBe(200);
    expect([teapot.requests.length, known.requests.length]).toEqual([1, 2]);
  });

  test("there are no more attempts than the limit, and one where nobody asks for more", async () => {
    const { origin, requests } = await serve(failing(99, 503));
    expect((await get(origin)).status).toBe(503);
    expect(requests).toHaveLength(1);
    const limits = { ...LIMITS.json, attempts: 2 };
    expect((await get(origin, { limits, retry: patient([]) })).status).toBe(503);
    expect(requests).toHaveLength(3);
  });

  test("each attempt has the headers of its own", async () => {
    const { origin, requests } = await serve(failing(1, 503));
    let turn = 0;
    const beforeAttempt = async () => {
      turn += 1;
      return { authorization: `Bearer ${turn}` };
    };
    await get(origin, { beforeAttempt, retry: patient([]) });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer 1", "Bearer 2"]);
  });

  test("what is given up before an attempt ends the call with that reason", async () => {
    const { origin, requests } = await serve(failing(99, 503));
    const reason = new Error("its turn did not come");
    let turn = 0;
    const beforeAttempt = async () => {
      turn += 1;
      if (turn === 2) throw reason;
      return {};
    };
    expect(await faultOf(get(origin, { beforeAttempt, retry: patient([]) }))).toBe(reason);
    expect(requests).toHaveLength(1);
  });
});

describeUnlessMissing(missingOpenssl, "a server with a certificate", () => {
  const certificate = missingOpenssl ? undefined : selfSigned();

  test("is refused when nobody vouches for it, and not asked again", async () => {
    const { origin, requests } = await serve((_, response) => response.end("ok"), certificate);
    const delays: number[] = [];
    const fault = await faultOf(get(origin, { retry: patient(delays) }));
    expect(fault).toBeInstanceOf(Unanswered);
    expect(fault).toMatchObject({ untrusted: true });
    expect((fault as Error).message).toMatch(/^its certificate is not trusted \([A-Z_]+\)$/);
    expect([requests.length, delays.length]).toEqual([0, 0]);
  });

  test("is refused by the program whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const { origin, requests } = await serve((_, response) => response.end("ok"), certificate);
    const id = "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d";
    const { code, stderr } = await runProgram(["regenerate", "--client-id", id, "--store", "stdout:"], {
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      GENESYSCLOUD_OAUTHCLIENT_ID: id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: TOKEN,
      GENESYSCLOUD_GATEWAY_HOST: "127.0.0.1",
      GENESYSCLOUD_GATEWAY_PORT: new URL(origin).port,
    });
    expect({ code, stderr }).toEqual({
      code: 7,
      stderr: expect.stringContaining("ERR_UNTRUSTED_CERTIFICATE"),
    });
    expect(stderr).not.toContain(TOKEN);
    expect(requests).toHaveLength(0);
  });

  test("is refused when its authority is known, but it is for another host", async () => {
    const other = selfSigned(["DNS:other.example"]);
    const { origin, requests } = await serve((_, response) => response.end("ok"), other);
    const fault = await faultOf(get(origin, { tls: { certificateAuthority: other.cert } }));
    expect(fault).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID", untrusted: true });
    expect(requests).toHaveLength(0);
  });

  test("is asked when its authority is known", async () => {
    const { origin } = await serve((_, response) => response.end("ok"), certificate);
    const { status, body } = await get(origin, { tls: { certificateAuthority: certificate?.cert } });
    expect([status, body.toString()]).toEqual([200, "ok"]);
  });
});
