import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { type Certificate, missingOpenssl, selfSigned } from "../../../helpers/certificate";
import { describeUnlessMissing } from "../../../helpers/engines";
import { HttpGate } from "../../../helpers/http-gate";
import { VaultRotation } from "../../../helpers/vault/rotation";

let rotation: VaultRotation;
const open: { stop(): unknown }[] = [];

beforeEach(async () => {
  rotation = await VaultRotation.start();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
  await rotation.close();
});

async function gate(to: RequestListener, certificate?: Certificate): Promise<HttpGate> {
  const opened = await HttpGate.open(to, certificate);
  open.push(opened);
  return opened;
}

/** Serves the Vault on a socket. @returns its path */
async function onSocket(): Promise<string> {
  const path = join(rotation.folder, "vault.sock");
  const server = createServer(rotation.store.vault.listener);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  open.push({ stop: () => server.close() });
  return path;
}

function put(name: string, text: string): string {
  const path = join(rotation.folder, name);
  writeFileSync(path, text);
  return path;
}

/** A token that names OpenBao's variables, so that Vault's can be left out. */
const bao = (variables: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.replace(/^VAULT_/, "BAO_"), value]),
  );

const PREFIXES: [string, (variables: Record<string, string>) => Record<string, string>][] = [
  ["VAULT_", (variables) => variables],
  ["BAO_", bao],
];

describe.each(PREFIXES)("a socket, with variables that begin with %s", (_prefix, under) => {
  test("may be the address", async () => {
    const socket = await onSocket();
    const result = await rotation.regenerate({
      VAULT_ADDR: "",
      ...under({ VAULT_ADDR: `unix://${socket}` }),
    });
    rotation.expectStored(result);
  });

  test("may be an agent's", async () => {
    const socket = await onSocket();
    const variables = under({ VAULT_AGENT_ADDR: `unix://${socket}` });
    rotation.expectStored(await rotation.regenerate({ VAULT_ADDR: "https://nowhere.example", ...variables }));
  });
});

test.each([
  ["that is not there", { VAULT_ADDR: "unix:///nowhere/vault.sock" }, "it cannot be reached (ENOENT)"],
  [
    "that has no absolute path",
    { VAULT_ADDR: "unix://vault.sock" },
    "VAULT_ADDR must name a socket by its abs",
  ],
  [
    "and a proxy",
    { VAULT_ADDR: "unix:///run/vault.sock", VAULT_PROXY_ADDR: "http://127.0.0.1:9" },
    "VAULT_PROXY_ADDR is set, and no proxy leads to the socket that VAULT_ADDR names",
  ],
])("a socket %s ends with 6", async (_title, variables, reason) => {
  rotation.expectRefused(await rotation.regenerate(variables), reason);
});

describe("an agent", () => {
  /** Adds a token of its own, as an agent with auto-auth does. */
  const agent = (token: string): Promise<HttpGate> =>
    gate((request: IncomingMessage, response) => {
      request.headers["x-vault-token"] ??= token;
      rotation.store.vault.listener(request, response);
    });

  test.each(PREFIXES)(
    "is asked in place of the server, and adds its token: %sAGENT_ADDR",
    async (_prefix, under) => {
      const { origin } = await agent(rotation.store.environment.VAULT_TOKEN as string);
      const variables = under({ VAULT_AGENT_ADDR: origin });
      const result = await rotation.regenerate({
        VAULT_ADDR: "https://nowhere.example",
        VAULT_TOKEN: "",
        ...variables,
      });
      rotation.expectStored(result);
    },
  );

  test("that adds none ends with 6, and says what to do", async () => {
    const { origin } = await gate(rotation.store.vault.listener);
    const result = await rotation.regenerate({ VAULT_AGENT_ADDR: origin, VAULT_TOKEN: "" });
    rotation.expectRefused(result, "adds no token of its own (403): set VAULT_TOKEN, or use_auto_auth_token");
  });
});

test("VAULT_HEADERS go along with every request", async () => {
  const seen: unknown[] = [];
  const { origin } = await gate((request, response) => {
    seen.push(request.headers["cf-access-client-secret"]);
    rotation.store.vault.listener(request, response);
  });
  rotation.credentials.push("the-secret-of-the-front");
  const headers = JSON.stringify({ "CF-Access-Client-Secret": "the-secret-of-the-front" });
  rotation.expectStored(await rotation.regenerate({ VAULT_ADDR: origin, VAULT_HEADERS: headers }));
  expect(new Set(seen)).toEqual(new Set(["the-secret-of-the-front"]));
});

test.each([
  [
    "VAULT_HEADERS that are no JSON",
    { VAULT_HEADERS: "a: the-secret-of-the-front" },
    "VAULT_HEADERS must be a JSON",
  ],
  ["VAULT_HEADERS of another type", { VAULT_HEADERS: '{"a":1}' }, "VAULT_HEADERS must be a JSON object"],
  [
    "a header of Vault's own",
    { VAULT_HEADERS: '{"X-Vault-Token":"the-secret-of-the-front"}' },
    "begins with X-Vault-",
  ],
  ["VAULT_MFA", { VAULT_MFA: "totp:the-secret-of-the-front" }, "VAULT_MFA is set, which cannot be honoured"],
  ["VAULT_WRAP_TTL", { VAULT_WRAP_TTL: "60s" }, "VAULT_WRAP_TTL is set, which cannot be honoured"],
  ["BAO_WRAP_TTL", { BAO_WRAP_TTL: "60s" }, "BAO_WRAP_TTL is set, which cannot be honoured"],
  ["VAULT_SRV_LOOKUP", { VAULT_SRV_LOOKUP: "1" }, "VAULT_SRV_LOOKUP is set, which cannot be honoured"],
  [
    "VAULT_DISABLE_REDIRECTS",
    { VAULT_DISABLE_REDIRECTS: "off" },
    "VAULT_DISABLE_REDIRECTS must be true or false",
  ],
  [
    "a proxy before plain http",
    { VAULT_PROXY_ADDR: "http://127.0.0.1:9" },
    "VAULT_ADDR is plain http, which never",
  ],
  [
    "a proxy of another kind",
    {
      VAULT_ADDR: "https://127.0.0.1:9",
      VAULT_PROXY_ADDR: "socks5://me:the-secret-of-the-front@127.0.0.1:9",
    },
    "VAULT_PROXY_ADDR is not the address of an http or https proxy",
  ],
])("%s ends with 6, named", async (_title, variables, reason) => {
  rotation.credentials.push("the-secret-of-the-front");
  rotation.expectRefused(await rotation.regenerate(variables), reason);
});

test("two names that say different things end with 2", async () => {
  const result = await rotation.regenerate({
    VAULT_AGENT_ADDR: "http://127.0.0.1:1",
    BAO_AGENT_ADDR: "http://127.0.0.1:2",
  });
  rotation.expectRefused(result, "VAULT_AGENT_ADDR and BAO_AGENT_ADDR say different things", 2);
});

describeUnlessMissing(missingOpenssl, "over TLS", () => {
  let certificate: Certificate;
  let named: Certificate;
  beforeAll(() => {
    certificate = selfSigned();
    named = selfSigned(["DNS:vault.internal"]);
  });

  const serve = (shown = certificate): Promise<HttpGate> => gate(rotation.store.vault.listener, shown);

  test.each(PREFIXES)("%sCACERT_BYTES trusts the authority", async (_prefix, under) => {
    const { origin } = await serve();
    const variables = under({ VAULT_CACERT_BYTES: certificate.cert });
    rotation.expectStored(await rotation.regenerate({ VAULT_ADDR: origin, ...variables }));
  });

  test.each(PREFIXES)(
    "%sCAPATH trusts the authorities in a folder, and in those below",
    async (_prefix, under) => {
      const { origin } = await serve();
      mkdirSync(join(rotation.folder, "authorities/below"), { recursive: true });
      put("authorities/README", "what lies here");
      put("authorities/another.pem", named.cert);
      put("authorities/below/ours.pem", certificate.cert);
      const variables = under({ VAULT_CAPATH: join(rotation.folder, "authorities") });
      rotation.expectStored(await rotation.regenerate({ VAULT_ADDR: origin, ...variables }));
    },
  );

  test("VAULT_CACERT wins over the others, as with Vault's own command line", async () => {
    const { origin } = await serve();
    const result = await rotation.regenerate({
      VAULT_ADDR: origin,
      VAULT_CACERT: put("another.pem", named.cert),
      VAULT_CACERT_BYTES: certificate.cert,
    });
    rotation.expectRefused(result, "its certificate is not trusted");
  });

  test.each(PREFIXES)(
    "%sTLS_SERVER_NAME is the name that the certificate must have",
    async (_prefix, under) => {
      const { origin } = await serve(named);
      const trusted = { VAULT_ADDR: origin, VAULT_CACERT: put("ca.pem", named.cert) };
      rotation.expectRefused(await rotation.regenerate(trusted), "its certificate is not trusted");
      const other = under({ VAULT_TLS_SERVER_NAME: "other.internal" });
      rotation.expectRefused(await rotation.regenerate({ ...trusted, ...other }), "is not trusted");
      const right = under({ VAULT_TLS_SERVER_NAME: "vault.internal" });
      rotation.expectStored(await rotation.regenerate({ ...trusted, ...right }));
    },
  );

  test("ends with 6 for a folder without a certificate, none at all, and bytes that are none", async () => {
    mkdirSync(join(rotation.folder, "empty"));
    for (const [variables, reason] of [
      [{ VAULT_CAPATH: "./empty" }, 'VAULT_CAPATH names "./empty", which holds no certificate (PEM)'],
      [{ VAULT_CAPATH: "./none" }, 'VAULT_CAPATH names "./none", which cannot be read (ENOENT)'],
      [{ VAULT_CACERT_BYTES: "none" }, "VAULT_CACERT_BYTES holds no certificate (PEM)"],
    ] as const)
      rotation.expectRefused(await rotation.regenerate(variables), reason);
  });

  describe("a client certificate", () => {
    test("without its key, with a wrong one or one with a passphrase ends with 6, and shows no key", async () => {
      const cert = put("cert.pem", certificate.cert);
      const locked = join(rotation.folder, "locked.pem");
      const argv = ["pkey", "-aes256", "-passout", "pass:the-passphrase", "-out", locked];
      expect(spawnSync("openssl", argv, { input: certificate.key }).status).toBe(0);
      rotation.credentials.push(
        ...[certificate, named].flatMap(({ key }) => key.split("\n").filter((line) => line.length > 40)),
      );
      for (const [variables, reason] of [
        [{ VAULT_CLIENT_CERT: cert }, "VAULT_CLIENT_CERT and VAULT_CLIENT_KEY go together"],
        [{ VAULT_CLIENT_KEY: cert }, "VAULT_CLIENT_CERT and VAULT_CLIENT_KEY go together"],
        [
          { VAULT_CLIENT_CERT: cert, VAULT_CLIENT_KEY: put("key.pem", named.key) },
          "a certificate and its own key",
        ],
        [{ VAULT_CLIENT_CERT: cert, VAULT_CLIENT_KEY: locked }, "the key without a passphrase"],
        [
          { VAULT_CLIENT_CERT: cert, VAULT_CLIENT_KEY: "./none" },
          'VAULT_CLIENT_KEY names "./none", which cannot',
        ],
      ] as const)
        rotation.expectRefused(await rotation.regenerate(variables), reason);
    });
  });

  describe("a proxy of its own", () => {
    /** A proxy that opens ways, and says where to. */
    const proxy = async (): Promise<{ origin: string; asked: string[] }> => {
      const opened = await gate((_request, response) => response.writeHead(400).end());
      const asked: string[] = [];
      opened.server.on("connect", ({ url = "" }, socket) => {
        asked.push(url);
        const [host, port] = url.split(":");
        open.push({ stop: () => socket.destroy() });
        const onward = connect(Number(port), host, () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          onward.pipe(socket);
          socket.pipe(onward);
        });
        socket.on("close", () => onward.destroy());
        for (const end of [onward, socket]) end.on("error", () => {});
      });
      return { origin: opened.origin, asked };
    };

    test.each(["VAULT_PROXY_ADDR", "VAULT_HTTP_PROXY", "BAO_PROXY_ADDR", "BAO_HTTP_PROXY"])(
      "%s leads to the server, whatever its host",
      async (name) => {
        const { origin, asked } = await proxy();
        const server = await serve();
        const result = await rotation.regenerate({
          VAULT_ADDR: server.origin,
          VAULT_CACERT: put("ca.pem", certificate.cert),
          [name]: origin,
        });
        rotation.expectStored(result);
        expect(new Set(asked)).toEqual(new Set([`127.0.0.1:${server.port}`]));
      },
    );

    test("VAULT_PROXY_ADDR wins over VAULT_HTTP_PROXY, and its password is never shown", async () => {
      const server = await serve();
      rotation.credentials.push("proxy-password");
      const result = await rotation.regenerate({
        VAULT_ADDR: server.origin,
        VAULT_CACERT: put("ca.pem", certificate.cert),
        VAULT_PROXY_ADDR: "http://me:proxy-password@127.0.0.1:9",
        VAULT_HTTP_PROXY: (await proxy()).origin,
      });
      rotation.expectRefused(result, "it cannot be reached (ECONNREFUSED)");
    });
  });

  describe("a redirect", () => {
    const trusted = (origin: string): Record<string, string> => ({
      VAULT_ADDR: origin,
      VAULT_CACERT: put("ca.pem", certificate.cert),
    });

    test("with 307, as a standby answers, is followed to https, and named once", async () => {
      const active = await serve();
      const standby = await serve();
      standby.redirectTo(active.origin);
      const result = await rotation.regenerate(trusted(standby.origin));
      rotation.expectStored(result);
      expect(result.stderr.match(new RegExp(`Vault: it redirects to ${active.origin}`, "g"))).toHaveLength(1);
    });

    test("of the write itself, after the call, is followed, too", async () => {
      const [active, standby] = [await serve(), await serve()];
      rotation.onRegenerate(() => standby.redirectTo(active.origin));
      const result = await rotation.regenerate(trusted(standby.origin));
      rotation.expectStored(result);
      expect(result.stderr).toContain(`Vault: it redirects to ${active.origin}`);
    });

    test.each(["VAULT_DISABLE_REDIRECTS", "BAO_DISABLE_REDIRECTS"])(
      "is not followed with %s",
      async (name) => {
        const active = await serve();
        const standby = await serve();
        standby.redirectTo(active.origin);
        const result = await rotation.regenerate({ ...trusted(standby.origin), [name]: "true" });
        rotation.expectRefused(result, "it redirects to another address (307), which is not followed");
        expect(rotation.store.vault.requests).toHaveLength(0);
      },
    );

    test("to plain http is never followed", async () => {
      const plain = await gate(rotation.store.vault.listener);
      const standby = await serve();
      standby.redirectTo(plain.origin);
      const result = await rotation.regenerate(trusted(standby.origin));
      rotation.expectRefused(result, "it redirects to plain http, which is never followed");
      expect(rotation.store.vault.requests).toHaveLength(0);
    });

    test("that leads to another one is followed once", async () => {
      const [active, second, first] = [await serve(), await serve(), await serve()];
      second.redirectTo(active.origin);
      first.redirectTo(second.origin);
      const result = await rotation.regenerate(trusted(first.origin));
      rotation.expectRefused(result, "it redirects to another address (307), which is not followed");
      expect(rotation.store.vault.requests).toHaveLength(0);
    });

    test.each([301, 302, 303, 308])("with %i is not followed", async (status) => {
      const active = await serve();
      const standby = await serve();
      standby.instead((request, response) => {
        response.writeHead(status, { location: `${active.origin}${request.url}` }).end();
      });
      const result = await rotation.regenerate(trusted(standby.origin));
      rotation.expectRefused(result, `it redirects to another address (${status}), which is not followed`);
      expect(rotation.store.vault.requests).toHaveLength(0);
    });

    test("from plain http is not followed, not to https either", async () => {
      const active = await serve();
      rotation.store.gate.redirectTo(active.origin);
      rotation.expectRefused(await rotation.regenerate(), "(307), which is not followed");
      expect(rotation.store.vault.requests).toHaveLength(0);
    });

    test("leads only to a server that is trusted", async () => {
      const active = await serve(named);
      const standby = await serve();
      standby.redirectTo(active.origin);
      rotation.expectRefused(
        await rotation.regenerate(trusted(standby.origin)),
        "its certificate is not trusted",
      );
      expect(rotation.store.vault.requests).toHaveLength(0);
    });
  });
});
