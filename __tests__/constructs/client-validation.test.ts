import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Fn, TerraformVariable } from "cdktf";
import {
  Duration,
  Rotation,
  SecretStore,
  SecureOAuthClient,
  type SecureOAuthClientProps,
} from "../../constructs";
import { type Document, newStack, someStore, synth, template } from "./synth";

/** Makes a client of props that the types may not allow. */
function make(props: Record<string, unknown>, stack = newStack()) {
  const all = { name: "orders", stores: [someStore()], ...props } as unknown as SecureOAuthClientProps;
  return new SecureOAuthClient(stack, "orders", all);
}

/** The resource of a type that such props give. */
function resource(type: string, props: Record<string, unknown>): Document {
  const stack = newStack();
  make(props, stack);
  return Object.values(synth(stack).resource[type])[0];
}

const attributes = (props: Record<string, unknown>): Document => resource("genesyscloud_oauth_client", props);
const environment = (props: Record<string, unknown>): Document =>
  resource("null_resource", props).provisioner[0]["local-exec"].environment;

const CODE = { grantType: "CODE", redirectUris: ["https://example.com"] };

describe("name", () => {
  test.each(["o", "orders service", "注文", template("var.name")])("%j is fine", (name) => {
    expect(attributes({ name }).name).toBe(name);
  });
  test.each(["", "  ", undefined, null, 7])("%j is refused", (name) => {
    expect(() => make({ name })).toThrow(
      `dev/orders: name must be a string that is not blank, got ${JSON.stringify(name)}.`,
    );
  });
});

describe("description", () => {
  test.each(["", "Reads orders"])("%j is fine", (description) => {
    expect(attributes({ description }).description).toBe(description);
  });
  test.each([null, 7, {}])("%j is refused", (description) => {
    expect(() => make({ description })).toThrow(
      `dev/orders: description must be a string, got ${JSON.stringify(description)}.`,
    );
  });
});

describe("grantType", () => {
  test.each([
    ["TOKEN", "an implicit grant lives in a browser and has no secret to keep"],
    ["SAML2-BEARER", "could not be proven to work"],
    ["PASSWORD", "could not be proven to work"],
  ])("%s is refused with the reason", (grantType, reason) => {
    expect(() => make({ grantType })).toThrow(
      new RegExp(
        `^dev/orders: grantType must be "CLIENT-CREDENTIALS" or "CODE" \\(.*${reason}\\), got "${grantType}"\\.$`,
      ),
    );
  });
  test.each(["", "code", "client_credentials", "SAML2BEARER", null, "constructor"])(
    "%j is refused",
    (grantType) => {
      expect(() => make({ grantType })).toThrow(
        `dev/orders: grantType must be "CLIENT-CREDENTIALS" or "CODE", got ${JSON.stringify(grantType)}.`,
      );
    },
  );
  test("several are refused: one client has one grant", () => {
    expect(() => make({ grantType: ["CODE", "CLIENT-CREDENTIALS"] })).toThrow(
      'dev/orders: grantType must be one grant: whoever needs two makes two clients, got ["CODE","CLIENT-CREDENTIALS"].',
    );
  });
});

describe("roles", () => {
  test("are refused with CODE", () => {
    expect(() => make({ ...CODE, roles: [{ roleId: "r" }] })).toThrow(
      'dev/orders: roles must be left out with CODE, whose rights are its user\'s, got [{"roleId":"r"}].',
    );
  });
  test("none are fine with either grant", () => {
    expect(attributes({ roles: [] })).toEqual({ ...attributes({}), roles: [] });
    expect(attributes({ ...CODE, roles: [] })).toEqual({ ...attributes(CODE), roles: [] });
  });
  test.each(["", " ", "a b", undefined, null])("the roleId %j is refused", (roleId) => {
    expect(() => make({ roles: [{ roleId: "r" }, { roleId }] })).toThrow(
      `dev/orders: roles[1].roleId must be the id of a role, got ${JSON.stringify(roleId)}.`,
    );
  });
  test.each(["", "a b", null])("the divisionId %j is refused", (divisionId) => {
    expect(() => make({ roles: [{ roleId: "r", divisionId }] })).toThrow(
      `dev/orders: roles[0].divisionId must be the id of a division or "*", got ${JSON.stringify(divisionId)}.`,
    );
  });
  test.each(["role", { roleId: "r" }])("%j is no list", (roles) => {
    expect(() => make({ roles })).toThrow("dev/orders: roles must be a list, got ");
  });
});

describe("scopes", () => {
  test("are refused with CLIENT-CREDENTIALS", () => {
    expect(() => make({ scopes: ["users"] })).toThrow(
      'dev/orders: scopes must be left out with CLIENT-CREDENTIALS, whose rights are its roles, got ["users"].',
    );
  });
  test.each(["", "users routing", 7])("the scope %j is refused", (scope) => {
    expect(() => make({ ...CODE, scopes: ["users", scope] })).toThrow(
      `dev/orders: scopes[1] must be a scope, without spaces, got ${JSON.stringify(scope)}.`,
    );
  });
});

describe("redirectUris", () => {
  test("are refused with CLIENT-CREDENTIALS", () => {
    expect(() => make({ redirectUris: ["https://example.com"] })).toThrow(
      "dev/orders: redirectUris must be left out with CLIENT-CREDENTIALS",
    );
  });
  test.each([undefined, []])("CODE needs one, and %j is none", (redirectUris) => {
    expect(() => make({ grantType: "CODE", redirectUris })).toThrow(
      "dev/orders: redirectUris must hold at least one URL with CODE, got",
    );
  });
  test.each(["", "/callback", "example.com", 7])("%j is refused", (uri) => {
    expect(() => make({ grantType: "CODE", redirectUris: [uri] })).toThrow(
      `dev/orders: redirectUris[0] must be an absolute URL, got ${JSON.stringify(uri)}.`,
    );
  });
});

describe("accessTokenValidity", () => {
  test.each([300, 301, 38_879_999, 38_880_000])("%d s is fine", (seconds) => {
    const given = attributes({ accessTokenValidity: Duration.seconds(seconds) });
    expect(given.access_token_validity_seconds).toBe(seconds);
  });
  test.each([0, 299, 38_880_001])("%d s is refused", (seconds) => {
    expect(() => make({ accessTokenValidity: Duration.seconds(seconds) })).toThrow(
      `dev/orders: accessTokenValidity must be a Duration of 300 to 38880000 seconds, got ${seconds}.`,
    );
  });
  test("a bare number is refused: it has no unit", () => {
    expect(() => make({ accessTokenValidity: 3600 })).toThrow(
      "dev/orders: accessTokenValidity must be a Duration of 300 to 38880000 seconds, got 3600.",
    );
  });
});

describe("lifecycle", () => {
  test.each(["replaceTriggeredBy", "postcondition", "typo"])("%s is refused", (name) => {
    expect(() => make({ lifecycle: { [name]: [] } })).toThrow(
      `dev/orders: lifecycle must hold only preventDestroy, createBeforeDestroy, ignoreChanges, got "${name}".`,
    );
  });
});

describe("provider", () => {
  test("another provider is refused", () => {
    const stack = newStack();
    expect(() => make({ provider: new NullProvider(stack, "null") }, stack)).toThrow(
      'dev/orders: provider must be a Genesys Cloud provider, got "null".',
    );
  });
});

describe("stores", () => {
  test.each([undefined, [], null])("%j is refused", (stores) => {
    expect(() => make({ stores })).toThrow(
      `dev/orders: stores must hold at least one store, got ${JSON.stringify(stores)}.`,
    );
  });
  test("a bare URI is refused", () => {
    expect(() => make({ stores: ["file:./a.json"] })).toThrow(
      'dev/orders: stores[0] must be a SecretStore, such as SecretStore.file(path), got "string".',
    );
  });
});

describe("rotation", () => {
  test("a bare version is refused", () => {
    expect(() => make({ rotation: "1" })).toThrow(
      'dev/orders: rotation must be a Rotation, such as Rotation.version(text), got "1".',
    );
  });
  test("a rotation is fine", () => {
    const { triggers } = resource("null_resource", { rotation: Rotation.version("7") });
    expect(triggers.rotation).toBe("version:7");
  });
});

describe("region", () => {
  test.each([
    ["us-east-1", "us-east-1"],
    ["mypurecloud.com", "us-east-1"],
    ["EU-Central-1", "eu-central-1"],
    [template("var.region"), template("var.region")],
  ])("%j is fine", (region, name) => {
    expect(environment({ region }).GENESYSCLOUD_REGION).toBe(name);
  });
  test.each(["eu-central-9", "genesys.com"])(
    "%j is refused, and those that are known are listed",
    (region) => {
      expect(() => make({ region })).toThrow(
        new RegExp(
          `^dev/orders: region must be known .*"${region}" is unknown.*us-east-1 \\(mypurecloud\\.com\\)`,
        ),
      );
    },
  );
});

describe("adminCredentials", () => {
  const good = { clientIdVariable: "ACME_ID", clientSecretVariable: "_secret1" };

  test("names of variables are fine", () => {
    expect(environment({ adminCredentials: good })).toMatchObject({
      GENESYS_SECRET_ADMIN_ID_VARIABLE: "ACME_ID",
      GENESYS_SECRET_ADMIN_SECRET_VARIABLE: "_secret1",
    });
  });
  test.each(["", "1ST", "A-B", "A B", "A\n", template("var.secret"), undefined, 7])(
    "%j is no name, and is not shown",
    (name) => {
      for (const prop of Object.keys(good)) {
        expect(() => make({ adminCredentials: { ...good, [prop]: name } })).toThrow(
          `dev/orders: adminCredentials.${prop} must be the name of an environment variable (letters, digits and "_"), ` +
            "not its value; what it got is not shown, it may be a secret.",
        );
      }
    },
  );
});

describe("props that would let the secret out", () => {
  const value = "hunter2-hunter2";
  test.each([
    "exposeClientSecret",
    "expose_client_secret",
    "directoryClientSecret",
    "directory_client_secret",
    "clientSecret",
    "client_secret",
    "integrationCredentialName",
    "integration_credential_name",
  ])("%s is refused, its value is not shown", (prop) => {
    const attempts = [
      () => make({ [prop]: value }),
      () =>
        SecureOAuthClient.fromClientId(newStack(), "orders", {
          clientId: template("var.id"),
          stores: [someStore()],
          [prop]: value,
        }),
    ];
    for (const attempt of attempts) {
      expect(attempt).toThrow(`dev/orders: ${prop} must not be set: `);
      expect(attempt).not.toThrow(value);
    }
  });
});

test("tokens pass every validator", () => {
  const stack = newStack();
  const text = new TerraformVariable(stack, "text", { type: "string" }).stringValue;
  const number = new TerraformVariable(stack, "number", { type: "number" }).numberValue;
  const list = Fn.split(",", text);
  make(
    {
      name: text,
      description: text,
      roles: [{ roleId: text, divisionId: text }],
      accessTokenValidity: Duration.seconds(number),
      stores: [
        SecretStore.file(text),
        SecretStore.fromUri(`file:./${text}.json`),
        SecretStore.command(["echo", text]),
      ],
      rotation: Rotation.version(text),
      region: text,
    },
    stack,
  );
  new SecureOAuthClient(stack, "code", {
    name: "code",
    grantType: "CODE",
    scopes: list,
    redirectUris: [text],
    stores: [someStore()],
  });

  const document = JSON.stringify(synth(stack));

  const ref = template("var.text");
  expect(document).toContain(`"access_token_validity_seconds":"${template("var.number")}"`);
  expect(document).toContain(`"name":"${ref}"`);
  expect(document).toContain(`"rotation":"version:${ref}"`);
  expect(document).toContain(`"stores":"file:${ref}\\nfile:./${ref}.json\\ncommand:[\\"echo\\",`);
  expect(document).not.toContain("TfToken");
});
