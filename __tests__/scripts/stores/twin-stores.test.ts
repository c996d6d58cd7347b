import { refusalOfTwins } from "../../../scripts/stores/twin-stores";
import { parseStoreUri } from "../../../scripts/stores/uri";

const refusal = (...texts: string[]): string | undefined => refusalOfTwins(texts.map(parseStoreUri));

const DOCUMENTS = [
  "file:./a.json",
  "vault:secret/a",
  "vault:secret/a?field=other",
  "aws-secretsmanager:a",
  "aws-ssm:/a",
  "azure-keyvault:vault-one/a",
  "gcp-secretmanager:projects/project-one/secrets/a",
  "kubernetes:n/a",
];

const BARE = [
  "aws-ssm:/a?field=client_secret",
  "github-actions:o/r/N",
  "github-env:N",
  "gitlab:g%2Fp/K",
  "gitlab-dotenv:N",
  'command:["true"]',
  "stdout:",
];

const CREDENTIAL = "genesys-credential:x";

test.each(DOCUMENTS)("the scheme %s keeps twins", (text) => {
  expect(refusal(text)).toBeUndefined();
});

test.each(BARE)("the scheme %s does not keep twins, not even beside one that does", (text) => {
  const reason = "holds the bare secret, and with twins the client id changes together with it";
  expect(refusal(text)).toBe(`${parseStoreUri(text).text} ${reason}`);
  expect(refusal("file:./a.json", text)).toContain(reason);
});

test("an integration credential keeps twins beside a store that can be read back", () => {
  expect(refusal(CREDENTIAL, "file:./a.json")).toBeUndefined();
  expect(refusal(CREDENTIAL)).toContain("none of the stores can be read back");
});
