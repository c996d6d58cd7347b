import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import { S3Backend, TerraformOutput, type TerraformStack } from "cdktf";
import { SecureOAuthClient } from "../../../constructs";
import { credentialVariables } from "../../../scripts/stores/credential-variables";
import { newStack, someStore, template } from "../synth";
import { findings, guarded } from "./guarded";

const SECRET = `k3y/"with+quotes\\&${template("specials")}`;

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

function outputOf(value: string): TerraformStack {
  const stack = guarded();
  new TerraformOutput(stack, "out", { value });
  return stack;
}

const PATHS = ["GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG", "VAULT_CLIENT_KEY", "BAO_CLIENT_KEY"];
const IDS = ["GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYS_CLOUD_CLIENT_ID"];
const { admin, stores } = credentialVariables({});

test.each([...admin, ...stores].filter((name) => ![...IDS, ...PATHS].includes(name)))(
  "the value of %s is refused",
  (name) => {
    process.env[name] = "s3cr3t-value";
    expect(findings(outputOf("a s3cr3t-value b"))).toEqual([
      `- dev/out: value holds the value of ${name}, a secret of the environment. Take it out, and change the secret if the file has left this machine: whoever reads it has it.`,
    ]);
  },
);

test.each([...IDS, ...PATHS])("the value of %s is an id or a path, and passes", (name) => {
  process.env[name] = "not-a-secret";
  expect(findings(outputOf("not-a-secret"))).toEqual([]);
});

test.each([
  ["as it is", SECRET],
  ["escaped for Terraform", SECRET.replace("$", () => "$$")],
  ["in JSON", JSON.stringify({ secret: SECRET })],
  ["in a URL", `https://me:${encodeURIComponent(SECRET)}@example.com`],
  ["in hex", Buffer.from(SECRET).toString("hex")],
  ...["", "a", "ab"].flatMap((prefix) => [
    [`in base64 after ${prefix.length} bytes`, Buffer.from(`${prefix}${SECRET}!`).toString("base64")],
    [`in base64url after ${prefix.length} bytes`, Buffer.from(`${prefix}${SECRET}!`).toString("base64url")],
  ]),
] as [string, string][])("a known secret is refused %s", (_, text) => {
  process.env.GENESYSCLOUD_OAUTHCLIENT_SECRET = SECRET;
  const found = findings(outputOf(text));
  expect(found).toHaveLength(1);
  expect(found.join()).not.toContain(text);
});

test.each([
  ["too short to be told from chance", "root", "root"],
  ["absent", "", "anything"],
  ["like it, and not it", "s3cr3t-value", "s3cr3t-valu"],
])("a value that is %s passes", (_, value, text) => {
  process.env.VAULT_TOKEN = value;
  expect(findings(outputOf(text))).toEqual([]);
});

describe("wherever it stands", () => {
  beforeEach(() => {
    process.env.GENESYSCLOUD_OAUTHCLIENT_SECRET = "s3cr3t-value";
  });

  const PLACES: Record<string, (stack: TerraformStack, text: string) => void> = {
    "dev/r: triggers.a": (stack, a) => new NullResource(stack, "r", { triggers: { a } }),
    "dev: terraform.backend.s3.secret_key": (stack, secretKey) =>
      new S3Backend(stack, { bucket: "b", key: "k", secretKey }),
    "dev: module.m.source": (stack, text) =>
      stack.addOverride("module.m.source", `git::https://oauth2:${text}@example.com/m.git`),
    "dev/r: triggers.[GENESYSCLOUD_OAUTHCLIENT_SECRET]": (stack, text) =>
      new NullResource(stack, "r", { triggers: { [text]: "a" } }),
    "dev/[GENESYSCLOUD_OAUTHCLIENT_SECRET]: value": (stack, text) =>
      new TerraformOutput(stack, text, { value: text }),
    "dev: //.note": (stack, text) => stack.addOverride("//.note", text),
  };

  test.each(Object.keys(PLACES))("a known secret is refused %s", (place) => {
    const stack = guarded();
    PLACES[place]?.(stack, "s3cr3t-value");
    const found = findings(stack);
    expect(found).toContainEqual(expect.stringContaining(`- ${place} holds the value of`));
    expect(found.join()).not.toContain("s3cr3t-value");
  });

  test.each(Object.keys(PLACES))("%s, but harmless", (place) => {
    const stack = guarded();
    PLACES[place]?.(stack, "another-value");
    expect(findings(stack)).toEqual([]);
  });
});

test("a variable that a client names is known, too", () => {
  process.env.ACME_SECRET = "s3cr3t-value";
  process.env.ACME_ID = "an-admin-client-id";
  const stack = newStack();
  new TerraformOutput(stack, "id", { value: "an-admin-client-id" });
  new TerraformOutput(stack, "secret", { value: "s3cr3t-value" });
  new SecureOAuthClient(stack, "orders", {
    name: "orders",
    stores: [someStore()],
    adminCredentials: { clientIdVariable: "ACME_ID", clientSecretVariable: "ACME_SECRET" },
  });
  expect(findings(stack)).toEqual([
    expect.stringContaining("dev/secret: value holds the value of ACME_SECRET"),
  ]);
});
