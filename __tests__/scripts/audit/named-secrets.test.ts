import { newSecret } from "../../../sandbox/org/random-credential";
import { look } from "./look";

const ID = "5f0c1a7e-1111-4a5b-8c6d-0123456789ab";
const OTHER = "6a1d2b8f-2222-4a5b-8c6d-0123456789ab";
const SECRET = newSecret();

const found = async (text: string | Buffer) => {
  const { leaks } = await look(["-"], { stdin: text });
  return leaks.map(({ secret, owners, places }) => ({
    value: secret.reveal(),
    owners,
    what: places.map(({ what }) => what),
  }));
};

test.each([
  ["an environment file", `GENESYSCLOUD_OAUTHCLIENT_SECRET=${SECRET}\n`],
  ["a shell", `export GENESYS_CLOUD_CLIENT_SECRET='${SECRET}'`],
  ["HCL", `  client_secret                 = "${SECRET}"`],
  [
    "a plan's text",
    `  ~ client_secret = "${newSecret().slice(0, 10)}" -> "x"\n + client_secret = "${SECRET}"`,
  ],
  ["YAML", `clientSecret: ${SECRET}\n`],
  ["a form", `grant_type=x&client_secret=${SECRET}&y=1`],
  ["JSON in JSON", String.raw`{"body":"{\"clientSecret\":\"${SECRET}\"}"}`],
  ["JSON in a URL", `?q=%7B%22client_secret%22%3A%22${SECRET}%22`],
  ["HTML", `client_secret=&quot;${SECRET}&quot;`],
  [
    "MessagePack of a plan",
    Buffer.concat([
      Buffer.from("\u00adclient_secret\u00d9+", "latin1"),
      Buffer.from(SECRET),
      Buffer.from([0xc3]),
    ]),
  ],
  ["the API's answer to a regeneration", `{"id":"${ID}","name":"orders","secret":"${SECRET}"}`],
  [
    "an HTTP header of a log",
    `Authorization: Basic ${Buffer.from(`${ID}:${SECRET}`).toString("base64")}\r\n`,
  ],
])("a named secret is found in %s", async (_, text) => {
  expect((await found(text)).map(({ value }) => value)).toEqual([SECRET]);
});

test.each(["-", "_"])("a named secret that begins with %s is found, whole", async (sign) => {
  const secret = sign + SECRET.slice(1);
  for (const text of [
    `client_secret = "${secret}"`,
    `CLIENT_SECRET=${secret}`,
    `"client_secret":"${secret}"`,
  ])
    expect((await found(text)).map(({ value }) => value)).toEqual([secret]);
});

test("both values of a change in a plan's text are found", async () => {
  const next = newSecret();
  const leaks = await found(`~ client_secret = "${SECRET}" -> "${next}"`);
  expect(leaks.map(({ value }) => value)).toEqual([SECRET, next]);
});

test.each([
  ["a placeholder", `client_secret = "${"x".repeat(43)}"`],
  ["a longer value", `client_secret = "${SECRET}A"`],
  ["a longer value that begins with a hyphen", `client_secret = "-${SECRET}"`],
  ["a longer value that begins with an underscore", `client_secret = "_${SECRET}"`],
  ["a shorter value", `client_secret = "${SECRET.slice(1)}"`],
  ["another name", `client_digest = "${SECRET}"`],
  ["a word in between", `client_secret is not ${SECRET}`],
  ["a name for another secret", `secret = "${SECRET}"`],
])("nothing is found in %s", async (_, text) => {
  expect(await found(text)).toEqual([]);
});

test("the client is the one whose id stands beside it", async () => {
  const [leak] = await found(
    `GENESYSCLOUD_OAUTHCLIENT_ID=${ID}\nGENESYSCLOUD_OAUTHCLIENT_SECRET=${SECRET}\n`,
  );
  expect(leak).toEqual({
    value: SECRET,
    owners: [{ clientId: ID, nearest: false }],
    what: ["named GENESYSCLOUD_OAUTHCLIENT_SECRET"],
  });
});

test("of several clients it is the nearest, and that this is a guess is kept in mind", async () => {
  const [leak] = await found(`client_id: ${OTHER}\n\n\nclient_id: ${ID}\nclient_secret: ${SECRET}\n`);
  expect(leak?.owners).toEqual([{ clientId: ID, nearest: true }]);
});

test("a secret on every line of a log is one leak; its places are counted", async () => {
  const findings = await look(["-"], { stdin: `client_secret=${SECRET}\n`.repeat(50_000) });
  expect(findings.leaks).toHaveLength(1);
  const [leak] = findings.leaks;
  expect((leak?.places.length ?? 0) + findings.unlisted).toBe(50_000);
  expect(leak?.places.map(({ line }) => line).slice(0, 3)).toEqual([1, 2, 3]);
});

test("lines are right behind the border of a window, too", async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) =>
    index % 20_000 === 7 ? `client_secret=${SECRET}` : `line ${index} of a log`,
  );
  const [leak] = (await look(["-"], { stdin: lines.join("\n") })).leaks;
  expect(leak?.places.map(({ line }) => line)).toEqual([8, 20_008, 40_008, 60_008, 80_008]);
});
