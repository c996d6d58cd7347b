import { type FailedAttempt, retryDelay } from "../../../scripts/http/retry";

const failed = (facts: Partial<FailedAttempt>): FailedAttempt => ({
  attempt: 1,
  remaining: 60_000,
  ...facts,
});

test.each([408, 425, 429, 500, 502, 503, 504])("a %i is worth another try", (status) => {
  expect(retryDelay(failed({ status }), 1)).toBe(500);
});

test.each([200, 301, 400, 401, 403, 404, 409, 501])("a %i is not", (status) => {
  expect(retryDelay(failed({ status }), 1)).toBeUndefined();
});

test("no answer at all is worth another try, an untrusted certificate is not", () => {
  expect(retryDelay(failed({}), 1)).toBe(500);
  expect(retryDelay(failed({ untrusted: true }), 1)).toBeUndefined();
});

test("the login service's rate limit is a 400 worth another try", () => {
  expect(retryDelay(failed({ status: 400, alsoTransient: true }), 1)).toBe(500);
});

test("waits double, up to 20 s", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempt) => retryDelay(failed({ attempt }), 1));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
});

test("jitter takes off up to half", () => {
  expect(retryDelay(failed({ attempt: 3 }), 0)).toBe(1000);
});

test("never sooner than Retry-After, and then with jitter on top", () => {
  expect(retryDelay(failed({ status: 429, retryAfter: 30_000 }), 0)).toBe(30_000);
  expect(retryDelay(failed({ status: 429, retryAfter: 30_000 }), 1)).toBe(30_500);
});

test("a Retry-After of nothing does not take the place of the waits that double", () => {
  const waits = [1, 2, 3, 4].map((attempt) => retryDelay(failed({ attempt, status: 429, retryAfter: 0 }), 1));
  expect(waits).toEqual([500, 1000, 2000, 4000]);
});

test("a wait that does not fit into the time left is not begun", () => {
  expect(retryDelay(failed({ remaining: 499 }), 1)).toBeUndefined();
  expect(retryDelay(failed({ remaining: 500 }), 1)).toBe(500);
  expect(retryDelay(failed({ status: 429, retryAfter: 365 * 86_400_000 }), 0)).toBeUndefined();
});
