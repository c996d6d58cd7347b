import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { Rotation, SecretStore, SecureOAuthClient } from "../../constructs";
import { type Document, localExec, newApp, newStack, only, someStore, synth, template } from "./synth";

function orders(stack = newStack()): TerraformStack {
  new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()] });
  return stack;
}

describe("the null provider", () => {
  const ANY_3 = { source: "hashicorp/null", version: "~> 3.2" };
  const required = (document: Document) => document.terraform.required_providers.null;

  test("is any 3.x from 3.2 on, without a block that would go with the last client", () => {
    const stack = orders();
    new SecureOAuthClient(stack, "other", { name: "other", stores: [someStore()] });
    const document = synth(stack);
    expect(required(document)).toEqual(ANY_3);
    expect(Object.keys(document.provider)).toEqual(["genesyscloud"]);
    for (const resource of Object.values(document.resource.null_resource))
      expect(resource).not.toHaveProperty("provider");
  });

  test("is the same in HCL", () => {
    const hcl = Testing.synthHcl(orders());
    expect(hcl).toMatch(/null = {\s+version = "~> 3\.2"\s+source = "hashicorp\/null"\s+}/);
    expect(hcl).not.toContain('provider "null"');
  });

  test("satisfies CDKTF's own check, for null_resources of the user's, too", () => {
    const stack = orders();
    new NullResource(stack, "theirs");
    expect(JSON.parse(Testing.synth(stack, true)).resource.null_resource).toHaveProperty("theirs");
  });

  test.each([
    ["before the client", {}, (stack: TerraformStack, add: () => unknown) => [add(), orders(stack)]],
    ["after the client", {}, (stack: TerraformStack, add: () => unknown) => [orders(stack), add()]],
    [
      "with an alias",
      { alias: "mine" },
      (stack: TerraformStack, add: () => unknown) => [orders(stack), add()],
    ],
  ])("of the stack's own, %s, keeps its block and its version", (_, config, build) => {
    const stack = newStack();
    build(stack, () => new NullProvider(stack, "null", config));
    const document = synth(stack);
    expect(document.provider.null).toEqual([config]);
    expect(required(document)).toEqual({ source: "null", version: expect.stringMatching(/^3\.[\d.]+$/) });
  });

  test("of a stack within the stack is not this one's", () => {
    const stack = orders();
    new NullProvider(new TerraformStack(stack, "inner"), "null");
    expect(required(synth(stack))).toEqual(ANY_3);
  });

  test("gives way to an override of the stack's", () => {
    const stack = orders();
    stack.addOverride("terraform.required_providers.null.version", "3.2.3");
    expect(required(synth(stack))).toEqual({ ...ANY_3, version: "3.2.3" });
  });
});

describe("the program", () => {
  test("is one copy a stack", () => {
    const app = newApp();
    const stacks = ["one", "two"].map((name) => new TerraformStack(app, name));
    for (const stack of stacks) {
      for (const id of ["a", "b", "c"]) {
        SecureOAuthClient.fromClientId(stack, id, {
          clientId: "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d",
          stores: [someStore()],
        });
      }
      const commands = Object.values<{ provisioner: [{ "local-exec": { command: string } }] }>(
        synth(stack).resource.null_resource,
      ).map(({ provisioner }) => provisioner[0]["local-exec"].command);
      expect(new Set(commands).size).toBe(1);
    }
  });
});

describe("the owner", () => {
  const environment = (id: string, props = {}) => {
    const stack = newStack();
    new SecureOAuthClient(stack, id, { name: "orders", stores: [someStore()], ...props });
    return localExec(synth(stack)).environment;
  };

  test("is the workspace, the stack and the construct, and no trigger", () => {
    const stack = newStack();
    new SecureOAuthClient(new Construct(stack, "shop"), "orders", { name: "o", stores: [someStore()] });
    const document = synth(stack);
    expect(localExec(document).environment.SECRET_OWNER).toBe(
      `terraform:${template("terraform.workspace")}:dev/shop/orders`,
    );
    expect(JSON.stringify(only(document, "null_resource").triggers)).not.toContain("terraform.workspace");
  });

  test("is plain text to Terraform, whatever the construct's name is", () => {
    const { SECRET_OWNER } = environment(`a${template("var.x")}b%{ if true }`);
    expect(SECRET_OWNER).toBe(
      `terraform:${template("terraform.workspace")}:dev/a$${template("var.x")}b%%{ if true }`,
    );
  });

  test("takeOver names another client, and may be a reference", () => {
    expect(environment("orders")).not.toHaveProperty("SECRET_TAKE_OVER");
    const takeOver = "5f0b1d2c-3e4f-4a5b-8c6d-7e8f9a0b1c2d";
    expect(environment("orders", { takeOver }).SECRET_TAKE_OVER).toBe(takeOver);
    const reference = template("var.other");
    expect(environment("orders", { takeOver: reference }).SECRET_TAKE_OVER).toBe(reference);
  });
});

describe("the triggers", () => {
  function triggers(outdir: string) {
    const app = newApp();
    Object.assign(app, { outdir });
    const stack = newStack(app);
    new SecureOAuthClient(stack, "orders", { name: "orders", stores: [SecretStore.file("secrets/a.json")] });
    const document = synth(stack);
    return {
      ...only(document, "null_resource").triggers,
      stores_seen: localExec(document).environment.SECRET_STORES,
    };
  }

  test("do not depend on the output folder; what the program gets does", () => {
    const { stores_seen, ...here } = triggers("cdktf.out");
    const { stores_seen: elsewhere, ...there } = triggers("build/tf/out");
    expect(there).toEqual(here);
    expect(here.stores).toBe("file:./secrets/a.json");
    expect(stores_seen).toBe("file:../../../secrets/a.json");
    expect(elsewhere).toBe("file:../../../../../secrets/a.json");
  });

  test("hold nothing of this package", () => {
    const { triggers } = only(synth(orders()), "null_resource");
    expect(Object.keys(triggers).sort()).toEqual(["client_id", "rotation", "stores"]);
    expect(JSON.stringify(triggers)).not.toMatch(/asset|genesys-secret|0\.1\.0/);
  });

  test("tell a version from any other rotation", () => {
    expect(Rotation.version(Rotation.onClientChange().id).id).not.toBe(Rotation.onClientChange().id);
  });
});

describe("the command line", () => {
  const { command } = localExec(synth(orders())) as { command: string };

  test("is run in the stack's folder, wherever that lies", () => {
    expect(localExec(synth(orders())).working_dir).toBe(template("path.module"));
  });

  test("uses only what sh and Windows' cmd read alike", () => {
    expect(command).toMatch(/^[\w ./,-]+( && | \|\| |[\w ./,-]+)+$/);
    expect(command).not.toMatch(/["'`$%^\\;*?<>(){}[\]!~#]/);
  });

  const folder = mkdtempSync(join(tmpdir(), "shell-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command in sh with a PATH that holds only the program `node`, or nothing. */
  function run(node?: string) {
    const bin = mkdtempSync(join(folder, "bin-"));
    if (node !== undefined) {
      writeFileSync(join(bin, "node"), `#!/bin/sh\n${node}\n`);
      chmodSync(join(bin, "node"), 0o755);
    }
    return spawnSync("/bin/sh", ["-c", command], { env: { PATH: bin }, encoding: "utf8", cwd: folder });
  }

  test("without Node.js says what is missing, and fails", () => {
    const { status, stdout } = run();
    expect(stdout).toBe("Starting genesys-secret, which needs Node.js 20 or newer on the PATH\n");
    expect(status).toBe(127);
  });

  test.each([0, 1, 8, 143])("passes the exit code %d on", (code) => {
    expect(run(`exit ${code}`).status).toBe(code);
  });

  test("runs the program beside a shell that stays", () => {
    // Were the shell to replace itself with the program, Terraform's kill of the shell would hit the program.
    const { stdout, pid } = run("echo parent $PPID");
    expect(stdout).toContain(`parent ${pid}\n`);
  });
});

describe("what follows a rotation, and a destruction", () => {
  type Provisioner = {
    "local-exec": { when?: string; command: string; environment: Record<string, string> };
  };
  const resources = (stack: TerraformStack): [string, { triggers: object; provisioner: Provisioner[] }][] =>
    Object.entries(synth(stack).resource.null_resource);

  test("`then` goes to the program as JSON, and is no trigger", () => {
    const stack = newStack();
    const then = ["kubectl", "rollout", "restart", "deployment/orders"];
    new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()], then });
    const document = synth(stack);
    expect(JSON.parse(localExec(document).environment.SECRET_THEN)).toEqual(then);
    expect(Object.keys(only(document, "null_resource").triggers).sort()).toEqual([
      "client_id",
      "rotation",
      "stores",
    ]);
  });

  test.each(["here", "elsewhere"] as const)(
    "`verify: %s` goes to the program, and is no trigger",
    (verify) => {
      const stack = newStack();
      new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()], verify });
      const document = synth(stack);
      expect(localExec(document).environment.SECRET_VERIFY).toBe(verify);
      expect(Object.keys(only(document, "null_resource").triggers).sort()).toEqual([
        "client_id",
        "rotation",
        "stores",
      ]);
      expect(localExec(synth(orders())).environment).not.toHaveProperty("SECRET_VERIFY");
    },
  );

  test("by default nothing runs on destroy", () => {
    expect(resources(orders())).toHaveLength(1);
  });

  test('`onDestroy: "remove"` adds a null_resource keyed on the client alone, which refers to nothing but itself', () => {
    const stack = newStack();
    new SecureOAuthClient(stack, "orders", { name: "orders", stores: [someStore()], onDestroy: "remove" });
    const [, removal] = resources(stack).find(([id]) => id.includes("removal")) ?? [];
    expect(Object.keys(removal?.triggers ?? {})).toEqual(["client_id"]);
    const [provisioner] = removal?.provisioner ?? [];
    const { when, command, environment } = (provisioner as Provisioner)["local-exec"];
    expect(when).toBe("destroy");
    expect(command).toMatch(/genesys-secret\.cjs remove \|\| exit$/);
    const references = JSON.stringify(environment).match(/\$\{[^}]*\}/g);
    expect(references).toEqual([template("self.id"), template("self.triggers.client_id")]);
  });

  test.each([
    ["then", { then: [] }, "then must be a command as a list of its words, got []"],
    ["then", { then: ["a", 1] }, "then must be"],
    ["takeOver", { takeOver: "billing" }, 'takeOver must be the id of another client, a UUID, got "billing"'],
    ["takeOver", { takeOver: "" }, "takeOver must be the id of another client"],
    ["takeOver", { takeOver: template('file("/etc/passwd")') }, "takeOver must hold no Terraform expression"],
    ["onDestroy", { onDestroy: "erase" }, 'onDestroy must be "keep" or "remove", got "erase"'],
    ["verify", { verify: "maybe" }, 'verify must be "here" or "elsewhere", got "maybe"'],
  ])("%s is checked: %j", (_, props, message) => {
    const all = { name: "orders", stores: [someStore()], ...props } as never;
    expect(() => new SecureOAuthClient(newStack(), "orders", all)).toThrow(message);
  });

  test("a store known only to Terraform cannot be removed from", () => {
    const stores = [SecretStore.fromUri(["file:/x/$", "{var.name}.json"].join(""))];
    const props = { name: "orders", stores, onDestroy: "remove" } as const;
    expect(() => new SecureOAuthClient(newStack(), "orders", props)).toThrow('onDestroy must be "keep"');
  });
});
