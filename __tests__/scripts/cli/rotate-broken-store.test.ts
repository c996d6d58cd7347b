import { entry, Fleet, isSecretCall, rowsOf } from "../../helpers/fleet";
import { ApiStatus } from "../../helpers/kubernetes/api-status";
import { Cluster } from "../../helpers/kubernetes/cluster";

const COUNT = 6;

let fleet: Fleet;
let cluster: Cluster;
let ids: string[];

beforeEach(async () => {
  fleet = await Fleet.start();
  cluster = await Cluster.start(fleet.folder);
  // Each client has a Secret of its own in one namespace; the last one has one in another.
  ({ ids } = fleet.clients(COUNT));
  cluster.api.namespaces.add("elsewhere");
  const namespace = (index: number): string => (index === COUNT - 1 ? "elsewhere" : "default");
  fleet.write(
    ids.map((_, index) =>
      entry(`service-${index}`, { stores: [`kubernetes:${namespace(index)}/service-${index}`] }),
    ),
  );
});

afterEach(async () => {
  await cluster.close();
  await fleet.end();
});

const rotate = (...args: string[]) =>
  fleet.rotate(["--json", "--concurrency", "1", ...args], {
    KUBECONFIG: cluster.kubeconfig("config.json"),
    GENESYS_SECRET_RETRY_TIMEOUT: "1",
  });
const secretCalls = (): number => fleet.counted().filter(isSecretCall).length;

test("a store whose rehearsal passes and whose write is refused costs one client its secret, and no more", async () => {
  cluster.api.admission = (secret, dryRun) => {
    const { metadata } = JSON.parse(JSON.stringify(secret));
    if (!dryRun && metadata.namespace === "default") throw new ApiStatus(422, "Invalid", "no.");
  };
  const { code, stdout, stderr } = await rotate();
  expect(code).toBe(8);
  expect(stderr).toContain("it, and what is beside it, is not used any more in this run");
  const rows = rowsOf(stdout);
  expect(rows.filter(({ outcome }) => outcome === "failed")).toHaveLength(1);
  const left = rows.filter(({ outcome }) => outcome === "not started");
  expect(left).toHaveLength(COUNT - 2);
  for (const row of left)
    expect(row.error).toMatchObject({ code: "ERR_STORE_BROKEN", message: expect.stringContaining("422") });
  // The namespace that works is used.
  expect(rows.find(({ name }) => name === `service-${COUNT - 1}`)?.outcome).toBe("regenerated");
  expect(secretCalls()).toBe(2);

  // Corrected: run again, and all is well.
  cluster.api.admission = () => {};
  expect(await rotate()).toMatchObject({ code: 0 });
  for (const [index, id] of ids.entries()) {
    const secret = cluster.api.secret(index === COUNT - 1 ? "elsewhere" : "default", `service-${index}`);
    expect(fleet.sandbox.accepts(id, secret?.value("client_secret") ?? "")).toBe(true);
  }
});

test("a store that is not ready stops nobody else: no secret was replaced for it", async () => {
  cluster.api.namespaces.delete("elsewhere");
  const { code, stdout } = await rotate();
  expect(code).toBe(8);
  expect(rowsOf(stdout).filter(({ outcome }) => outcome === "regenerated")).toHaveLength(COUNT - 1);
  expect(secretCalls()).toBe(COUNT - 1);
});
