import { once } from "node:events";
import { createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cutShort, send, trickle } from "../../../sandbox/org/send";

const ANSWER = { status: 200, body: { some: "thing" } };

test.each<[string, (response: ServerResponse) => Promise<void>]>([
  ["sent", (response) => send(response, ANSWER)],
  ["cut short", (response) => cutShort(response, ANSWER)],
  ["trickled", (response) => trickle(response, ANSWER, 1)],
])("an answer that is %s waits for no caller who has hung up", async (_, answer) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const call = request({ host: "127.0.0.1", port }).on("error", () => {});
  call.end();
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  call.destroy();
  await once(response, "close");
  await answer(response);
  server.close();
  await once(server, "close");
});
