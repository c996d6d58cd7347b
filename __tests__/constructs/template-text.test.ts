import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fn, TerraformVariable } from "cdktf";
import { Rotation, SecretStore, SecureOAuthClient } from "../../constructs";
import { parseStoreUri } from "../../scripts/stores/uri";
import { describeWithEngine } from "../helpers/engines";
import { localExec, newStack, only, someStore, synth, template } from "./synth";

const client = (props: object, stack = newStack()): SecureOAuthClient =>
  new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()], ...props } as never);

/** What Terraform would do more with than put a value in its place. */
const EXPRESSIONS = [
  template('file("/etc/passwd")'),
  `orders ${template("HOME")}`,
  template("upper(var.a)"),
  template('templatefile("x", {})'),
  template("1 + 1"),
  template('var.a == "" ? "x" : "y"'),
  template('var.names[file("x")]'),
  template(`var.names["${template('file("x")')}"]`),
  "a %{ if true }b%{ endif }",
  "a %{for x in var.a}b%{endfor}",
  "$" + "{",
  "$" + "{}",
];
/** What stands for one value, or for itself. */
const VALUES = [
  template("var.name"),
  `a-${template("each.key")}-b`,
  template("path.module"),
  template('local.names["a"][0].b'),
  template("var.names[*].id"),
  `$${template("HOME")}`,
  "100 %% %%{x}",
  "5% {off}",
  "$ {x}",
];

describe("a text that Terraform would do more with than put a value in its place is refused by its prop", () => {
  const props: Record<string, (text: string) => object> = {
    name: (name) => ({ name }),
    description: (description) => ({ description }),
    region: (region) => ({ region }),
    "scopes[0]": (text) => ({ grantType: "CODE", redirectUris: ["https://acme.example"], scopes: [text] }),
    "redirectUris[0]": (text) => ({ grantType: "CODE", redirectUris: [text] }),
    "roles[0].roleId": (roleId) => ({ roles: [{ roleId }] }),
    "roles[0].divisionId": (divisionId) => ({ roles: [{ roleId: "a", divisionId }] }),
    "stores[0]": (text) => ({ stores: [SecretStore.fromUri(`vault:secret/${text}`)] }),
    rotation: (text) => ({ rotation: Rotation.version(text) }),
    "then[1]": (text) => ({ then: ["echo", text] }),
  };

  test.each(Object.keys(props))("in the prop %s", (prop) => {
    const of = props[prop] as (typeof props)[string];
    for (const text of EXPRESSIONS) {
      // What is written as a URI is held to its grammar, where no template excuses it.
      if (prop === "stores[0]" && !text.includes("$" + "{")) continue;
      expect(() => client(of(text))).toThrow(`dev/orders: ${prop} must hold no Terraform expression but `);
    }
  });

  test("in a client's id", () => {
    expect(() =>
      SecureOAuthClient.fromClientId(newStack(), "legacy", {
        clientId: EXPRESSIONS[0] as string,
        stores: [someStore()],
      }),
    ).toThrow("dev/legacy: clientId must hold no Terraform expression but ");
  });

  test("the words of a command take tokens only: there a reference would have to be quoted", () => {
    for (const text of [...EXPRESSIONS, template("var.name")]) {
      expect(() => SecretStore.command(["echo", text])).toThrow(
        "must hold no Terraform expression but tokens",
      );
      expect(() => client({ then: ["echo", text] })).toThrow(
        "dev/orders: then[1] must hold no Terraform expression",
      );
    }
  });
});

test("references, and what is escaped, stay as they are written", () => {
  for (const text of VALUES) {
    const stack = newStack();
    client({ name: text, description: text }, stack);
    expect(only(synth(stack), "genesyscloud_oauth_client")).toMatchObject({ name: text, description: text });
  }
});

test("a token may be any expression, a function's among them", () => {
  const stack = newStack();
  const variable = new TerraformVariable(stack, "team", { type: "string" });
  client({ name: `${Fn.lower(variable.stringValue)}-orders`, description: Fn.file("./purpose.txt") }, stack);
  expect(only(synth(stack), "genesyscloud_oauth_client")).toMatchObject({
    name: `${template("lower(var.team)")}-orders`,
    description: template('file("./purpose.txt")'),
  });
});

describeWithEngine("whatever a token turns out to be, it stays in its place", (engine) => {
  const folder = mkdtempSync(join(tmpdir(), "templates-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const HOSTILE = [
    'x\ncommand:["touch","pwned"]',
    'x","--as","root',
    'back\\slash \\" quote',
    "<&> 'single' $" + "{var.x} %{x}",
    "é ü 😀",
    "plain",
  ];

  test.each(HOSTILE)("when it is %j", (hostile) => {
    const stack = newStack();
    const text = new TerraformVariable(stack, "text", { type: "string" }).stringValue;
    client(
      {
        stores: [
          SecretStore.file(`./${text}.json`),
          SecretStore.fromUri(text),
          SecretStore.command(["put", text, `--name=${text}!`, `a "b" $${template("HOME")}`]),
        ],
        then: ["notify", `x ${text}`, "c:\\d"],
      },
      stack,
    );
    const { SECRET_STORES, SECRET_THEN } = localExec(synth(stack)).environment;
    // The real engine says what the program will see; it needs no provider for that.
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({
        variable: { text: { type: "string" } },
        output: { stores: { value: SECRET_STORES }, then: { value: SECRET_THEN } },
      }),
    );
    rmSync(join(folder, "terraform.tfstate"), { force: true });
    const run = (...args: string[]): string =>
      execFileSync(engine.binary, args, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_VAR_text: hostile },
        stdio: ["ignore", "pipe", "pipe"],
      });
    run("apply", "-auto-approve", "-input=false", "-no-color");
    const { stores, then } = JSON.parse(run("output", "-json"));

    const lines = stores.value.split("\n");
    expect(lines).toHaveLength(3);
    expect(parseStoreUri(lines[2]).target).toEqual([
      "put",
      hostile,
      `--name=${hostile}!`,
      `a "b" ${template("HOME")}`,
    ]);
    expect(JSON.parse(then.value)).toEqual(["notify", `x ${hostile}`, "c:\\d"]);
  });
});
