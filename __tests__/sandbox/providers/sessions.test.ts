import { Sessions } from "../../../sandbox/providers/protocol/sessions";

test("each connection has its own session, until it ends", () => {
  const sessions = new Sessions<string>();
  sessions.open("127.0.0.1:1", "east");
  sessions.open("127.0.0.1:2", "west");
  expect([sessions.of("127.0.0.1:1"), sessions.of("127.0.0.1:2")]).toEqual(["east", "west"]);

  sessions.close("127.0.0.1:1");
  expect(() => sessions.of("127.0.0.1:1")).toThrow("before it was configured");
  expect(sessions.of("127.0.0.1:2")).toBe("west");
});
