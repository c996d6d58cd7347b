import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudTunnel, cloudCertificate } from "../../../helpers/azure/cloud-tunnel";
import { missingOpenssl, selfSigned } from "../../../helpers/certificate";
import { describeUnlessMissing } from "../../../helpers/engines";
import { HttpGate } from "../../../helpers/http-gate";
import { ApiStatus } from "../../../helpers/kubernetes/api-status";
import { Cluster } from "../../../helpers/kubernetes/cluster";
import { overtake } from "../../../helpers/later-run";
import { findLeaks } from "../../../helpers/leaks";
import { oneClient } from "../../../helpers/one-client";
import type { ProgramResult } from "../../../helpers/program";
import { type Outcome, refusedWrite } from "../../../helpers/store-rows";
import { missingTools } from "../../../helpers/tools";

const URI = "kubernetes:default/orders";
const NAMESPACED = { namespace: "default", name: "orders" };

const NO_DRY_RUN = new ApiStatus(
  400,
  "BadRequest",
  'admission webhook "old.example" does not support dry run',
);

let cluster: Cluster;
const one = oneClient({
  environment: () => ({ GENESYS_SECRET_RETRY_TIMEOUT: "1", KUBECONFIG: cluster.kubeconfig("config.json") }),
  credentials: () => [cluster.account.token],
});

beforeEach(async () => {
  cluster = await Cluster.start(one.folder);
});

afterEach(() => cluster.close());

const program = (
  command: string,
  uri: string,
  environment: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<ProgramResult> =>
  one.run(
    [command, ...(command === "remove" ? ["--yes"] : []), "--client-id", one.id, "--store", uri, ...args],
    environment,
  );

const regenerate = (uri = URI, environment: Record<string, string> = {}, args: readonly string[] = []) =>
  program("regenerate", uri, environment, args);

const value = (key: string): string | undefined =>
  cluster.api.secret(NAMESPACED.namespace, NAMESPACED.name)?.value(key);
const put = (stringData: Record<string, string>, manager: string): void =>
  cluster.api.put(NAMESPACED.namespace, NAMESPACED.name, { stringData }, manager);

/** Refused with 6 in these words: the old secret logs in. */
async function expectNotReady(running: Promise<ProgramResult>, ...words: string[]): Promise<Outcome> {
  const result = await running;
  one.expectNotReady(result, ...words);
  expect(one.accepts(one.bornWith)).toBe(true);
  return one.outcome(result);
}

const BOTH = ["exists", "new"] as const;
type Place = (typeof BOTH)[number];

/** Somebody else's Secret, where the place exists. */
function seed(place: Place): void {
  if (place === "exists") put({ note: "theirs" }, "helm");
}

describe("the Secret", () => {
  test("holds a key for each field, the list of stores as JSON, and drops the rotation that is no more", async () => {
    expect(await regenerate(URI, {}, ["--rotation", "7"])).toMatchObject({ code: 0 });
    expect(value("client_id")).toBe(one.id);
    expect(value("region")).toBe("us-east-1");
    expect(value("regenerated_at")).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(value("rotation")).toBe("7");
    expect(JSON.parse(value("stores") ?? "")).toEqual([URI]);
    expect(await regenerate()).toMatchObject({ code: 0 });
    expect(value("rotation")).toBeUndefined();
  });

  test("is rehearsed with a canary: before the call no request holds a secret", async () => {
    await regenerate();
    const [rehearsal, real] = cluster.api.calls.filter(({ method }) => method === "PATCH");
    expect(rehearsal?.dryRun).toBe(true);
    expect(real?.dryRun).toBe(false);
    const secrets = one.sandbox.everySecretEver().map(({ secret }) => secret);
    expect(findLeaks(rehearsal?.body ?? "", secrets)).toEqual([]);
  });
});

refusedWrite({ store: "kubernetes", condition: "a namespace that is not there", place: "new" }, () =>
  expectNotReady(regenerate("kubernetes:elsewhere/orders"), "its namespace does not exist"),
);

describe("keys that others manage", () => {
  refusedWrite(
    { store: "kubernetes", condition: "a key of ours that another manager owns", place: "exists" },
    async () => {
      put({ client_secret: "theirs" }, "kubectl-create");
      const words = [".data.client_secret by kubectl-create", "force=true"];
      const outcome = await expectNotReady(regenerate(), ...words);
      expect(value("client_secret")).toBe("theirs");
      return outcome;
    },
  );

  refusedWrite(
    {
      store: "kubernetes",
      condition: "a key of ours that another manager owns, with force=true",
      place: "exists",
      exit: 0,
      calls: 1,
    },
    async () => {
      put({ client_secret: "theirs", note: "mine" }, "kubectl-create");
      const result = await regenerate(`${URI}?force=true`);
      expect(one.accepts(value("client_secret") ?? "")).toBe(true);
      expect(value("note")).toBe("mine");
      return one.outcome(result);
    },
  );
});

describe("rights", () => {
  for (const place of BOTH)
    for (const [missing, verbs] of [
      ["get", ["patch", "create"]],
      ["patch", ["get", "create"]],
      ["create", ["get", "patch"]],
    ] as const) {
      const isNeeded = !(missing === "create" && place === "exists");
      const row = { store: "kubernetes", condition: `a role without the verb ${missing}`, place } as const;
      refusedWrite({ ...row, ...(!isNeeded && { exit: 0, calls: 1 }) }, async () => {
        seed(place);
        cluster.account.verbs = verbs;
        return isNeeded
          ? expectNotReady(regenerate(), `lack the right to ${missing} the Secret orders`)
          : one.outcome(await regenerate());
      });
    }
});

describe("admission", () => {
  for (const place of BOTH) {
    for (const [condition, denial, words] of [
      [
        "an admission webhook that denies the write",
        new ApiStatus(403, "Forbidden", 'admission webhook "policy.example" denied the request: no.'),
        'a dry run is refused (403): admission webhook "policy.example" denied',
      ],
      [
        "a policy that finds the Secret invalid",
        new ApiStatus(422, "Invalid", 'Secret "orders" is invalid: metadata.labels: Required value: team'),
        "a dry run is refused (422): Secret",
      ],
      [
        "an API server that is too busy for good (429)",
        new ApiStatus(429, "TooManyRequests", "the server has received too many requests"),
        "it answered 429, TooManyRequests",
      ],
      [
        "an admission webhook that cannot be reached (500)",
        new ApiStatus(500, "InternalError", 'failed calling webhook "policy.example": connection refused'),
        "it answered 500, InternalError",
      ],
    ] as const)
      refusedWrite({ store: "kubernetes", condition, place }, async () => {
        seed(place);
        cluster.api.admission = () => {
          throw denial;
        };
        const outcome = await expectNotReady(regenerate(), words);
        expect(value("client_secret")).toBeUndefined();
        return outcome;
      });

    refusedWrite(
      { store: "kubernetes", condition: "an admission webhook that changes what is written", place },
      async () => {
        seed(place);
        cluster.api.admission = (secret) => secret.overwrite("client_secret", "b3RoZXI=");
        return expectNotReady(regenerate(), "admission changes what is written");
      },
    );

    refusedWrite(
      {
        store: "kubernetes",
        condition: "an admission webhook that takes no part in a dry run, and agrees",
        place,
        exit: 0,
        calls: 1,
      },
      async () => {
        seed(place);
        cluster.api.admission = (_secret, dryRun) => {
          if (dryRun) throw NO_DRY_RUN;
        };
        const result = await regenerate();
        expect(result.stderr).toContain("cannot be asked beforehand");
        return one.outcome(result);
      },
    );
  }

  refusedWrite(
    { store: "kubernetes", condition: "a quota that allows no further Secret", place: "new" },
    async () => {
      cluster.api.admission = () => {
        throw new ApiStatus(403, "Forbidden", 'secrets "orders" is forbidden: exceeded quota: few');
      };
      return expectNotReady(regenerate(), "a dry run is refused (403)", "exceeded quota");
    },
  );

  refusedWrite(
    { store: "kubernetes", condition: "a namespace that is being deleted", place: "new" },
    async () => {
      cluster.api.admission = () => {
        const why = "unable to create new content in namespace default because it is being terminated";
        throw new ApiStatus(403, "Forbidden", `secrets "orders" is forbidden: ${why}`);
      };
      return expectNotReady(regenerate(), "a dry run is refused (403)", "being terminated");
    },
  );

  refusedWrite(
    { store: "kubernetes", condition: "a Secret without room for another key (1 MiB)", place: "exists" },
    async () => {
      put({ note: "x".repeat(786_400) }, "helm");
      return expectNotReady(regenerate(), "a dry run is refused (422)", "Too long");
    },
  );
});

describe("a denial after the call quotes nothing: its words may repeat what was sent", () => {
  for (const place of BOTH)
    for (const [condition, inDryRun] of [
      ["an admission webhook that takes no part in a dry run, and denies", NO_DRY_RUN],
      ["an admission webhook that denies only what is no dry run", undefined],
    ] as const)
      refusedWrite({ store: "kubernetes", condition, place, exit: 8, calls: 1 }, async () => {
        seed(place);
        cluster.api.admission = (secret, dryRun) => {
          if (!dryRun)
            throw new ApiStatus(422, "Invalid", `the value ${secret.value("client_secret")} is too weak`);
          if (inDryRun) throw inDryRun;
        };
        const result = await regenerate();
        expect(result.stderr).toContain("it answered 422, Invalid");
        const outcome = one.outcome(result);
        cluster.api.admission = () => {};
        expect(await regenerate()).toMatchObject({ code: 0 });
        expect(one.accepts(value("client_secret"))).toBe(true);
        return outcome;
      });
});

describe("two runs at once", () => {
  test("the slower one does not put its dead secret over the later one", async () => {
    overtake(one.sandbox, one.id, (later) => put(later, "genesys-secret"));
    expect(await regenerate(`${URI}?force=true`)).toMatchObject({
      code: 9,
      stderr: expect.stringContaining("holds the secret of another run"),
    });
    expect(one.accepts(value("client_secret") ?? "")).toBe(true);
  });

  test("the later one writes over the earlier one's", async () => {
    one.sandbox.onAnswer(({ path }) => {
      if (/\/secret$/.test(path))
        put({ client_id: one.id, client_secret: "earlier", regenerated_at: "9999-01-01T00:00:00.000Z" }, "x");
    });
    expect(await regenerate(`${URI}?force=true`)).toMatchObject({ code: 0 });
    expect(one.accepts(value("client_secret") ?? "")).toBe(true);
  });
});

describe("the kubeconfig", () => {
  test("a context is chosen; one that is not there is named", async () => {
    expect(await regenerate(`${URI}?context=local`)).toMatchObject({ code: 0 });
    expect((await regenerate(`${URI}?context=prod`)).stderr).toContain('no context "prod"');
  });

  test("may be several files: the first that says a thing counts", async () => {
    const wrong = cluster.kubeconfig("wrong.json", { token: "nobodys" });
    const several = [join(one.folder, "missing.json"), cluster.kubeconfig("config.json"), wrong].join(":");
    expect(await regenerate(URI, { KUBECONFIG: several })).toMatchObject({ code: 0 });
  });

  test("is missed where there is no pod either", async () => {
    await expectNotReady(regenerate(URI, { KUBECONFIG: "" }), "KUBECONFIG is not set, and this is no pod");
  });

  test("that cannot be parsed is not quoted", async () => {
    const path = join(one.folder, "broken.yaml");
    writeFileSync(path, `users:\n- user: {token: ${cluster.account.token}\n  : [`);
    await expectNotReady(regenerate(URI, { KUBECONFIG: path }), "is not a kubeconfig");
  });

  test("plain http goes to this machine only", async () => {
    const KUBECONFIG = cluster.kubeconfig("http.json", undefined, { server: "http://10.1.2.3:8080" });
    await expectNotReady(regenerate(URI, { KUBECONFIG }), "plain http");
  });

  test("a credential plugin gets the environment without the admin's credentials", async () => {
    const seen = join(one.folder, "seen");
    const script = `env > ${seen}; echo '{"status":{"token":"${cluster.account.token}"}}'`;
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args: ["-c", script] };
    const KUBECONFIG = cluster.kubeconfig("exec.json", { exec });
    expect(await regenerate(URI, { KUBECONFIG, AWS_PROFILE: "prod" })).toMatchObject({ code: 0 });
    const environment = readFileSync(seen, "utf8");
    expect(environment).toContain("AWS_PROFILE=prod");
    expect(environment).not.toContain("GENESYSCLOUD_OAUTHCLIENT");
    expect(findLeaks(environment, [one.sandbox.admin.clientSecret])).toEqual([]);
  });
});

describeUnlessMissing(missingOpenssl, "a cluster behind a proxy", () => {
  test("is reached by HTTPS_PROXY", async () => {
    const certificate = cloudCertificate(["cluster.example"], one.folder);
    const gate = await HttpGate.open(cluster.api.listener, certificate);
    const tunnel = await CloudTunnel.open(() => gate);
    try {
      const authority = { "certificate-authority-data": Buffer.from(certificate.cert).toString("base64") };
      const server = { server: "https://cluster.example:6443", ...authority };
      const KUBECONFIG = cluster.kubeconfig("proxied.json", undefined, server);
      const result = await regenerate(URI, { KUBECONFIG, HTTPS_PROXY: tunnel.origin });
      expect(result).toMatchObject({ code: 0 });
      expect(new Set(tunnel.asked)).toEqual(new Set(["cluster.example"]));
    } finally {
      await tunnel.close();
      await gate.stop();
    }
  });
});

describe("remove", () => {
  test("deletes a Secret in which nobody else has a part", async () => {
    await regenerate();
    expect(await program("remove", URI)).toMatchObject({ code: 0 });
    expect(cluster.api.secret("default", "orders")).toBeUndefined();
  });

  test.each([
    ["others have a part in the Secret", ["get", "patch"], true],
    ["the right to delete is missing", ["get", "patch", "create"], false],
  ] as const)("takes out its own keys only, when %s", async (_title, verbs, shared) => {
    await regenerate();
    if (shared) put({ note: "mine" }, "helm");
    cluster.account.verbs = verbs;
    expect(await program("remove", URI)).toMatchObject({ code: 0 });
    expect(value("client_secret")).toBeUndefined();
    expect(value("note")).toBe(shared ? "mine" : undefined);
  });

  test("leaves another client's alone", async () => {
    put({ client_id: "another", client_secret: "theirs" }, "genesys-secret");
    await program("remove", `${URI}?force=true`);
    expect(value("client_secret")).toBe("theirs");
  });
});

describeUnlessMissing(missingTools("kubectl", "openssl"), "judged by kubectl", () => {
  let KUBECONFIG: string;

  // Over TLS: kubectl sends no token over plain http.
  beforeEach(async () => {
    const certificate = selfSigned();
    const authority = { "certificate-authority-data": Buffer.from(certificate.cert).toString("base64") };
    const server = await cluster.serveTls(certificate);
    KUBECONFIG = cluster.kubeconfig("tls.json", undefined, { server, ...authority });
  });

  // Not spawnSync: the server it talks to lives in this process.
  async function kubectl(
    args: readonly string[],
    input = "",
  ): Promise<{ status: number | null; output: string }> {
    const child = spawn("kubectl", args, {
      env: { PATH: process.env.PATH, HOME: one.folder, KUBECONFIG },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.stdin.end(input);
    const [status] = await once(child, "close");
    return { status, output };
  }
  const manifest = (data: Record<string, string>): string =>
    JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "orders" }, data });

  test("reads what the store wrote", async () => {
    await regenerate(URI, { KUBECONFIG });
    const { output } = await kubectl(["get", "secret", "orders", "-o", "jsonpath={.data.client_secret}"]);
    expect(one.accepts(Buffer.from(output, "base64").toString())).toBe(true);
    const shown = await kubectl(["get", "secret", "orders", "-o", "json", "--show-managed-fields"]);
    expect(JSON.parse(shown.output).metadata.managedFields).toMatchObject([
      { manager: "genesys-secret", operation: "Apply", fieldsV1: { "f:data": { "f:client_secret": {} } } },
    ]);
  });

  test("finds the test's server to merge, and to refuse, as a real one does", async () => {
    const created = await kubectl(["create", "--validate=false", "-f", "-"], manifest({ note: "bWluZQ==" }));
    expect(created).toMatchObject({ status: 0, output: "secret/orders created\n" });
    expect(await regenerate(URI, { KUBECONFIG })).toMatchObject({ code: 0 });
    const apply = ["apply", "--server-side", "--validate=false", "--field-manager=gitops", "-f", "-"];
    const refused = await kubectl(apply, manifest({ client_secret: "b3RoZXI=" }));
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain('conflict with "genesys-secret": .data.client_secret');
    expect(value("note")).toBe("mine");
    // `kubectl auth can-i` asks the same in protobuf, which the test's server does not speak.
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { verb: "patch", resource: "secrets", ...NAMESPACED } },
    };
    const asked = await kubectl(
      ["create", "--validate=false", "-f", "-", "-o", "jsonpath={.status.allowed}"],
      JSON.stringify(review),
    );
    expect(asked.output).toBe("true");
  });
});
