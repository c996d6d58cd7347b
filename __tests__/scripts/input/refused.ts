/** Stands wherever a credential may be given, and must show nowhere. */
export const SECRET = "s3cret-that-must-not-show";
export const ID = "11111111-2222-4333-8444-555555555555";

const CLIENT = ["--client-id", ID];
export const STORE = ["--store", "file:./orders.json"];
/** A command line that is right, to be spoilt. */
const RIGHT = ["regenerate", ...CLIENT, ...STORE];

/** What is wrong; the command line; the environment; what the message says. */
type Row = [title: string, args: readonly string[], environment: Record<string, string>, message: string];

const NOT_SECONDS = "must be a whole number of seconds from 1 to 3600";

export const REFUSED: readonly Row[] = [
  [
    "no command's flag",
    ["regenerate", ...CLIENT, ...STORE, "--frobnicate"],
    {},
    "unknown option '--frobnicate'",
  ],
  ["a secret as a flag", [...RIGHT, `--client-secret=${SECRET}'x`], {}, "unknown option '--client-secret'"],
  [
    "an unknown command that commands a terminal",
    ["\u001b[2J##[stop-commands]x"],
    {},
    "unknown command '\\u001b[2J#\\u0023[",
  ],
  ["a word too many", [...RIGHT, SECRET], {}, "too many arguments"],
  ["a flag without its value", ["regenerate", ...CLIENT, "--store"], {}, "argument missing"],
  ["no client", ["regenerate", ...STORE], {}, "No client is named"],
  ["an empty id", ["regenerate", "--client-id", "", ...STORE], {}, "The client id must be letters"],
  ["a path as an id", ["regenerate", "--client-id", "../x", ...STORE], {}, "The client id must be letters"],
  [
    "an id of two lines",
    ["regenerate", ...STORE],
    { TARGET_CLIENT_ID: "a\n::add-mask::b" },
    'it is "a\\u000a::add-mask::b"',
  ],
  ["a twin alone", ["regenerate", ...STORE, "--twin-id", ID], {}, "Only one of the twins is named"],
  ["a path as a twin", [...RIGHT, "--twin-id", "a/../b"], {}, "The client id must be letters"],
  ["a client that is its own twin", RIGHT, { TARGET_TWIN_ID: ID.toUpperCase() }, "Both twins are the client"],
  [
    "twins in a store of bare secrets",
    [...RIGHT, "--twin-id", "x", "--store", "stdout:"],
    {},
    "Twins cannot be kept there",
  ],
  ["a blank name", ["regenerate", "--client-name", " ", ...STORE], {}, "The client name is empty"],
  ["no store", ["regenerate", ...CLIENT], {}, "No store is named"],
  ["an empty store", ["regenerate", ...CLIENT, "--store", ""], {}, "it has no scheme"],
  ["an unknown scheme", ["regenerate", ...CLIENT, "--store", "__proto__:x"], {}, "its scheme is unknown"],
  [
    "a store of two lines",
    ["regenerate", ...CLIENT, "--store", "file:./a\ncommand:[]"],
    {},
    "a control character",
  ],
  [
    "a store that hides its end",
    ["regenerate", ...CLIENT, "--store", "file:./a\u202enosj.b"],
    {},
    "does not show",
  ],
  ["a store twice", [...RIGHT, ...STORE], {}, "is named twice"],
  [
    "a line of SECRET_STORES",
    ["regenerate", ...CLIENT],
    { SECRET_STORES: "file:./a\nfile:b" },
    "must start with",
  ],
  [
    "an option that no store has",
    [...RIGHT, "--store", "vault:a/b?constructor=1"],
    {},
    '"constructor" is unknown',
  ],
  [
    "a value that every object has",
    [...RIGHT, "--store", "github-env:X?to=constructor"],
    {},
    'must be "env" or "output"',
  ],
  [
    "a mount that leads out",
    [...RIGHT, "--store", "vault:a/b?auth=jwt&auth_mount=../sys"],
    {},
    "the option auth_mount",
  ],
  [
    "a region that is a host",
    [...RIGHT, "--store", "aws-ssm:/a?region=evil.example/"],
    {},
    "the option region must be",
  ],
  ["a rotation id of two lines", [...RIGHT, "--rotation", "a\nb"], {}, "1 to 256 printable characters"],
  [
    "a rotation id that no dotenv line holds",
    [...RIGHT, "--rotation", "a b", "--store", "gitlab-dotenv:X?field=rotation"],
    {},
    "ASCII without blanks",
  ],
  [
    "an unknown region",
    [...RIGHT, "--region", "\u001b]0;x\u0007"],
    {},
    'The region "\\u001b]0;x\\u0007" is unknown',
  ],
  [
    "two regions",
    RIGHT,
    { GENESYSCLOUD_REGION: "us-east-1", GENESYS_CLOUD_REGION: "eu-west-1" },
    "different things",
  ],
  ["no seconds", [...RIGHT, "--retry-timeout", "1e3"], {}, NOT_SECONDS],
  ["no seconds at all", [...RIGHT, "--verify-timeout", ""], {}, NOT_SECONDS],
  ["seconds below nothing", RIGHT, { GENESYS_SECRET_VERIFY_TIMEOUT: "-1" }, NOT_SECONDS],
  ["an env file that is a folder", [...RIGHT, "--env-file", "."], {}, "cannot be read (EISDIR)"],
  ["a command that is no list", [...RIGHT, "--then", "rm -rf /"], {}, "must be a command as a JSON array"],
  ["a command of no words", RIGHT, { SECRET_THEN: "[1]" }, "must be a command as a JSON array"],
  [
    "a gateway that is no host",
    RIGHT,
    { GENESYSCLOUD_GATEWAY_HOST: "::::" },
    "GENESYSCLOUD_GATEWAY_HOST must be",
  ],
  ["a gateway with a user", RIGHT, { GENESYSCLOUD_GATEWAY_HOST: "a@b" }, "GENESYSCLOUD_GATEWAY_HOST must be"],
  ["a gateway's port", RIGHT, { GENESYSCLOUD_GATEWAY_PORT: "65536" }, "must be a port from 1 to 65535"],
  ["a gateway's protocol", RIGHT, { GENESYSCLOUD_GATEWAY_PROTOCOL: "file" }, 'must be "https" or "http"'],
  [
    "a gateway's path that leads out",
    RIGHT,
    { GENESYSCLOUD_GATEWAY_PATH_NAME: "api", GENESYSCLOUD_GATEWAY_PATH_VALUE: "a/../..?x" },
    "GENESYSCLOUD_GATEWAY_PATH_VALUE must be a path",
  ],
  [
    "plain http to elsewhere",
    RIGHT,
    { GENESYSCLOUD_GATEWAY_HOST: "gw.example" },
    "plain http goes to this machine",
  ],
  ["a proxy that is no host", RIGHT, { GENESYSCLOUD_PROXY_HOST: "a b" }, "GENESYSCLOUD_PROXY_HOST must be"],
  [
    "a proxy's password of two lines",
    RIGHT,
    { GENESYSCLOUD_PROXY_HOST: "proxy", GENESYSCLOUD_PROXY_AUTH_PASSWORD: `${SECRET}\nx` },
    "GENESYSCLOUD_PROXY_AUTH_PASSWORD contains",
  ],
  [
    "HTTPS_PROXY that is no address",
    RIGHT,
    { GENESYSCLOUD_GATEWAY_HOST: "", HTTPS_PROXY: `http://${SECRET}@[x` },
    "HTTPS_PROXY (or ALL_PROXY) is not the address",
  ],
  [
    "a proxy of another kind",
    RIGHT,
    { GENESYSCLOUD_GATEWAY_HOST: "", HTTPS_PROXY: "socks5://127.0.0.1:1" },
    "HTTPS_PROXY (or ALL_PROXY) is not the address",
  ],
  ["half an admin", RIGHT, { GENESYSCLOUD_OAUTHCLIENT_ID: "" }, "Half of the admin credentials is missing"],
  ["two admins", RIGHT, { GENESYS_CLOUD_CLIENT_SECRET: "another" }, "say different things"],
  [
    "an admin's secret of two lines",
    RIGHT,
    { GENESYSCLOUD_OAUTHCLIENT_SECRET: `${SECRET}\nx` },
    "a line break",
  ],
  [
    "an admin's id with a colon",
    RIGHT,
    { GENESYSCLOUD_OAUTHCLIENT_ID: "a:b" },
    "must be the id of an OAuth client",
  ],
  ["a token with a line break", RIGHT, { GENESYSCLOUD_ACCESS_TOKEN: `${SECRET}\r\nX: y` }, "a line break"],
  [
    "names of variables that every object has",
    RIGHT,
    { GENESYS_SECRET_ADMIN_ID_VARIABLE: "constructor", GENESYS_SECRET_ADMIN_SECRET_VARIABLE: "toString" },
    "No admin credentials: constructor is not set",
  ],
  [
    "a variable's value for its name",
    RIGHT,
    { GENESYS_SECRET_ADMIN_ID_VARIABLE: "a b", GENESYS_SECRET_ADMIN_SECRET_VARIABLE: "X" },
    "must be the name of a variable",
  ],
  ["stdout: and --json", [...RIGHT, "--store", "stdout:", "--json"], {}, "both want standard output"],
  [
    "stdout: under Terraform",
    [...RIGHT, "--store", "stdout:"],
    { GENESYS_SECRET_UNDER_TERRAFORM: "1" },
    "under Terraform",
  ],
  ["verify: an unknown region", ["verify", ...STORE, "--region", "x"], {}, 'The region "x" is unknown'],
  ["verify: no store", ["verify"], {}, "No store is named"],
  ["doctor: --rotate alone", ["doctor", ...STORE, "--rotate"], {}, "--rotate goes with --heal"],
  ["remove: no client", ["remove", ...STORE], {}, "No client is named"],
  ["audit: nothing", ["audit"], {}, "missing required argument"],
  [
    "audit: a path that is not there",
    ["audit", "no\u001b[31m"],
    {},
    '"no\\u001b[31m" cannot be read (ENOENT)',
  ],
  ["audit: a kill that is none", ["audit", ".", "--kill", "x"], {}, "--kill must be CLIENT_ID=STORE"],
  ["audit: both formats", ["audit", ".", "--json", "--sarif"], {}, "both want standard output"],
  ["sandbox: no port", ["sandbox", "--port", "1.5"], {}, "--port must be a port"],
  ["sandbox: an empty port", ["sandbox", "--port", ""], {}, "--port must be a port"],
];
