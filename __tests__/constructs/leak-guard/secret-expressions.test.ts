import { TerraformOutput } from "cdktf";
import { template } from "../synth";
import { MANY, withClients, X } from "./clients";
import { findings } from "./guarded";

const SECRET = [
  `${X}.client_secret`,
  `${X}["client_secret"]`,
  `${X} [ "client_secret" ]`,
  `${X}[*].client_secret`,
  `${X}.*.client_secret`,
  `${X}[*]["client_secret"]`,
  `${MANY}["a"].client_secret`,
  `${MANY}["a"]["client_secret"]`,
  `${MANY}[each.key].client_secret`,
  `${MANY}[local.of["x"]]["client_secret"]`,
  "genesyscloud_oauth_client.counted[0].client_secret",
  "genesyscloud_oauth_client.counted.0.client_secret",
  "genesyscloud_oauth_client.counted[count.index].client_secret",
  "genesyscloud_oauth_client.unknown-to-the-stack.client_secret",
  `resource.${X}.client_secret`,
  "genesyscloud_oauth_client . x . client_secret",
  `[<<EOT\nsix"\nEOT\n, ${X}.client_secret]`,
  `(${X}\n  .client_secret)`,
  "genesyscloud_oauth_client/* of */.x.client_secret",
  "genesyscloud_oauth_client.x # it\n.client_secret",
  `nonsensitive(${X}.client_secret)`,
  `base64encode(sha256(${X}.client_secret))`,
  `lookup(${X}, "client_secret")`,
  `lookup(${X}, "client_secret", "")`,
  `try(${X}.client_secret, null)`,
  `"Basic ${template(`base64encode("id:${template(`${X}.client_secret`)}")`)}"`,
  `{ for k, c in ${MANY} : k => c.client_secret }`,
  `[for c in ${MANY} : c["client_secret"]]`,
  `values(${MANY})[*].client_secret`,
  `one(${X}[*]).client_secret`,
  `true ? "" : ${X}.client_secret`,
  `{ a = { b = [${X}.client_secret] } }.a`,
];

const WHOLE = [
  X,
  MANY,
  `${MANY}["a"]`,
  `${MANY}[each.key]`,
  `${X}[*]`,
  `jsonencode(${X})`,
  `${X}[local.attribute]`,
  `${X}["client\\u005fsecret"]`,
  `${X}["client_${template('"secret"')}"]`,
  `lookup(${X}, local.attribute)`,
  `values(${X})`,
  `values(${MANY})[0]`,
  `merge(${X}, {})`,
  `[for c in ${MANY} : c]`,
  `{ for k, c in ${MANY} : k => jsonencode(c) }`,
  `[for name, value in ${X} : value]`,
];

const HARMLESS = [
  `${X}.id`,
  `${X}.client_id`,
  `${X}["id"]`,
  `${X}[*].id`,
  `${X}.*.id`,
  `${MANY}["a"].id`,
  `${MANY}["client_secret"].id`,
  `${MANY}[each.key]["id"]`,
  `${X}.integration_credential_id`,
  "genesyscloud_oauth_client.client_secret.id",
  `lookup(${X}, "id")`,
  `keys(${MANY})`,
  `length(${MANY})`,
  `values(${MANY})[*].id`,
  `one(${X}[*]).id`,
  `{ for k, c in ${MANY} : k => c.id if c.state == "active" }`,
  `[for c in ${MANY} : c["name"]]`,
  `data.${X}.client_secret`,
  "genesyscloud_oauth_client_group.x.client_secret",
  "local.genesyscloud_oauth_client.x.client_secret",
  "var.client_secret",
  `"${X}.client_secret"`,
  `"$${template(`${X}.client_secret`)}"`,
  `1 /* ${X}.client_secret */`,
];

const REFUSED = [
  ...SECRET.map((expression) => [expression, "refers to the secret of genesyscloud_oauth_client."] as const),
  ...WHOLE.map((expression) => [expression, "refers to the whole of genesyscloud_oauth_client."] as const),
];

test.each(REFUSED)("the expression %s is refused", (expression, why) => {
  const { stack } = withClients();
  new TerraformOutput(stack, "out", { value: template(expression), sensitive: true });
  expect(findings(stack)).toEqual([expect.stringContaining(`- dev/out: value ${why}`)]);
});

test.each(HARMLESS)("the expression %s passes", (expression) => {
  const { stack } = withClients();
  new TerraformOutput(stack, "out", { value: template(expression) });
  expect(findings(stack)).toEqual([]);
});

describe("templates", () => {
  const secret = template(`${X}.client_secret`);

  test.each([
    `a${secret}b`,
    `$ ${secret}`,
    `$${template("1")}${secret}`,
    `%{ if ${X}.client_secret == "" }a%{ endif }`,
    `%{ for c in ${MANY} ~}${template("c.client_secret")}%{ endfor }`,
    `{"$${template("x")}": "${secret}"}`,
  ])("the expression %s is refused", (text) => {
    const { stack } = withClients();
    new TerraformOutput(stack, "out", { value: text });
    expect(findings(stack)).toHaveLength(1);
  });

  test.each([
    `${X}.client_secret`,
    `$${secret}`,
    `$$${secret}`,
    `%%{ if ${X}.client_secret }`,
    `%{ for c in ${MANY} ~}${template("c.id")}%{ endfor }`,
    "$ { genesyscloud_oauth_client.x.client_secret }",
  ])("the expression %s passes", (text) => {
    const { stack } = withClients();
    new TerraformOutput(stack, "out", { value: text });
    expect(findings(stack)).toEqual([]);
  });
});
