import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const CONSTRUCTS = join(__dirname, "..", "..", "dist", "constructs");
const INDEX = join(CONSTRUCTS, "index.d.ts");

const program = ts.createProgram([INDEX], { skipLibCheck: true, strict: true });
const checker = program.getTypeChecker();

function resolved(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function declaredHere(symbol: ts.Symbol): boolean {
  return (
    symbol.declarations?.some((one) =>
      one.getSourceFile().fileName.startsWith(CONSTRUCTS.replaceAll("\\", "/")),
    ) ?? false
  );
}

const index = checker.getSymbolAtLocation(program.getSourceFile(INDEX) as ts.SourceFile) as ts.Symbol;
const exported = checker.getExportsOfModule(index).map(resolved);
const ours = exported.filter(declaredHere);

/** The members of what we export that a user sees: [name, symbol]. */
const members = ours.flatMap((symbol) => {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const statics = symbol.valueDeclaration
    ? checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration).getProperties()
    : [];
  return [...type.getProperties(), ...statics]
    .filter((member) => declaredHere(member) && member.name !== "prototype")
    .filter(
      (member) =>
        !(ts.getCombinedModifierFlags(member.declarations?.[0] as ts.Declaration) & ts.ModifierFlags.Private),
    )
    .map((member) => [`${symbol.name}.${member.name}`, member] as const);
});

const docs = (symbol: ts.Symbol): string => ts.displayPartsToString(symbol.getDocumentationComment(checker));

test("the package exports these names", () => {
  expect(exported.map(({ name }) => name).sort()).toEqual([
    "AcceptedLeak",
    "AdminCredentials",
    "AwsCreation",
    "AwsSecretsManagerStoreProps",
    "AwsSsmCreation",
    "AwsSsmStoreProps",
    "AwsStoreProps",
    "AzureKeyVaultStoreProps",
    "CommandStoreOptions",
    "DataGenesyscloudAuthDivision",
    "DataGenesyscloudAuthDivisionHome",
    "DataGenesyscloudAuthRole",
    "DataGenesyscloudOauthClient",
    "Duration",
    "GcpSecretManagerStoreProps",
    "GenesyscloudProvider",
    "GithubActionsStoreProps",
    "GitlabStoreProps",
    "GrantType",
    "ISecureOAuthClient",
    "ImportedOAuthClientProps",
    "KubernetesStoreProps",
    "LeakGuard",
    "OAuthClientLifecycle",
    "OAuthClientRole",
    "OauthClient",
    "RegenerationProps",
    "Rotation",
    "RotationStart",
    "Schedule",
    "SecretStore",
    "SecureOAuthClient",
    "SecureOAuthClientProps",
    "TwinOAuthClient",
    "VaultAuth",
    "VaultJwtLogin",
    "VaultRoleLogin",
    "VaultStoreProps",
  ]);
});

test.each(ours.map((symbol) => [symbol.name, symbol] as const))("the symbol %s has docs", (_, symbol) => {
  expect(docs(symbol)).not.toBe("");
});

test.each(members)("the symbol %s has docs", (_, member) => {
  expect(docs(member)).not.toBe("");
});

const optional = members.filter(
  ([, member]) => member.flags & ts.SymbolFlags.Optional && member.name !== "client",
);

test.each(optional)("%s says its default: a literal, or what really happens", (_, member) => {
  const tag = member.getJsDocTags(checker).find(({ name }) => name === "default");
  expect(ts.displayPartsToString(tag?.text)).toMatch(/^(- \S|"|\d|true$|false$|\w+\.\w+\()/);
});

test("the generated bindings have docs, too", () => {
  const text = readFileSync(
    join(CONSTRUCTS, "..", ".gen", "providers", "genesyscloud", "oauth-client", "index.d.ts"),
    "utf8",
  );
  expect(text).toContain("Lifetime of the client's access tokens in seconds, 300 to 38880000.");
});
