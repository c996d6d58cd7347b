import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { entry, Fleet } from "../../helpers/fleet";

let fleet: Fleet;
afterEach(() => fleet.end());

test("rotate --due counts an adopted secret for the rotation of the present, once, and notes that", async () => {
  fleet = await Fleet.start();
  const { id, secret } = fleet.sandbox.addClient({ name: "service-0" });
  const document = { client_id: id, client_secret: secret, region: "us-east-1", rotation: "adopted" };
  const path = join(fleet.folder, "stack", "service-0.json");
  writeFileSync(path, JSON.stringify({ ...document, stores: ["file:./service-0.json"] }), { mode: 0o600 });
  fleet.write([entry("service-0", { rotation: "version:1" })]);
  expect(await fleet.rotate(["--due"])).toMatchObject({ code: 0, stdout: expect.stringContaining("copied") });
  expect(fleet.stored("service-0")).toMatchObject({
    client_secret: secret,
    rotation: "version:1 (outside Terraform)",
  });
  expect(await fleet.rotate(["--due"])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("not due"),
  });
  expect(fleet.rotations(id)).toBe(0);
  fleet.write([entry("service-0", { rotation: "version:2" })]);
  expect(await fleet.rotate(["--due"])).toMatchObject({ code: 0 });
  expect(fleet.rotations(id)).toBe(1);
});
