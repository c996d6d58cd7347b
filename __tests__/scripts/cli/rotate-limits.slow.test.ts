import { Fleet, isSecretCall } from "../../helpers/fleet";

let fleet: Fleet;
afterEach(() => fleet.end());

describe("a limit", () => {
  test("of the API is learned, and nobody fails of it", async () => {
    // A minute of two seconds; the program believes in 300 of them until the answers tell.
    fleet = await Fleet.start({ apiLimitPerMinute: 8, minuteMs: 2_000 });
    const { ids, entries } = fleet.clients(20);
    fleet.write(entries);
    expect((await fleet.rotate()).code).toBe(0);
    expect(ids.map((id) => fleet.rotations(id))).toEqual(Array(20).fill(1));
    expect(fleet.sandbox.journal.filter(({ status }) => status === 429)).toEqual([]);
  });

  test("that is told by a 429 pauses all", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(6);
    fleet.write(entries);
    fleet.sandbox.fault({
      path: "/api/v2/oauth/clients/*/secret",
      status: 429,
      headers: { "Retry-After": "2" },
    });
    expect((await fleet.rotate([], { GENESYS_SECRET_RETRY_TIMEOUT: "120" })).code).toBe(0);
    const calls = fleet.sandbox.journal.filter(isSecretCall);
    const refused = calls.findIndex(({ status }) => status === 429);
    // Whoever left before the answer came is answered, too; then nobody leaves for the two seconds.
    const times = calls.map(({ at }) => Date.parse(at));
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(refused).toBe(0);
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(1_900);
    expect(ids.map((id) => fleet.rotations(id))).toEqual(Array(6).fill(1));
  });

  test("of the login service is waited for, longer than one verification may take", async () => {
    fleet = await Fleet.start();
    const { ids, entries } = fleet.clients(12);
    fleet.write(entries);
    fleet.sandbox.fault({
      path: "/oauth/token",
      skip: 1,
      times: 5,
      // Each answer alone takes longer than a verification may.
      delayMs: 1_200,
      status: 400,
      body: { error: "invalid_request", error_description: "rate limit exceeded; try later" },
    });
    const { code } = await fleet.rotate([], { GENESYS_SECRET_VERIFY_TIMEOUT: "1" });
    expect(code).toBe(0);
    for (const [index, id] of ids.entries()) expect(fleet.isLive(id, `service-${index}`)).toBe(true);
  });
});
