// The architecture: who may import what. `npm run lint` checks it; `npm run architecture` draws it into CONTRIBUTING.md.
// A rule's comment is what a reader of that page, and whoever breaks the rule, is told.

/** The folders of scripts/, from the bottom: what each is, and which of the others it may import. */
const LAYERS = [
  ["core", "needs nothing else of ours; what a synth and a run share lives here", []],
  ["http", "sends a request safely, to whomever", ["core"]],
  ["genesys", "talks to Genesys Cloud: login, API, the irreversible call", ["http", "core"]],
  ["stores", "keeps a secret: a folder for each scheme, and what all of them share", ["http", "core"]],
  ["rotation", "is the protocol: what happens in which order", ["stores", "genesys", "http", "core"]],
  ["audit", "finds secrets where none should be", ["rotation", "stores", "genesys", "http", "core"]],
  ["fleet", "rotates many clients", ["rotation", "stores", "genesys", "http", "core"]],
  [
    "cli",
    "is the command line: flags, commands, what is printed",
    ["fleet", "audit", "rotation", "stores", "genesys", "http", "core"],
  ],
];

/** All that is ours and no library. */
const OURS = "^(main\\.ts$|environments\\.ts$|(constructs|scripts|sandbox|tools|docs|__tests__)/)";
/** What is known of a scheme without its store: a row for each, the table of them, and what reads a URI by it. */
const ROWS =
  "^scripts/stores/((schemes|grammar|uri|traits|identity|twin-stores|credential-variables)\\.ts$|[^/]+/grammar\\.ts$)";
/** The stores' files that use the admin's session: the store that lives in Genesys Cloud, and the type for it. */
const ASKS_GENESYS = "^scripts/stores/(store\\.ts$|genesys-credential/)";
/** The one command that starts the sandbox. */
const SANDBOX_COMMAND = "^scripts/cli/sandbox\\.ts$";

const layers = LAYERS.map(([folder, what, below]) => ({
  name: `${folder}-looks-down`,
  comment: `scripts/${folder}/ ${what}. It imports ${below.length > 0 ? below.map((one) => `${one}/`).join(", ") : "none of the other folders"}.`,
  severity: "error",
  from: { path: `^scripts/${folder}/`, pathNot: [ASKS_GENESYS, SANDBOX_COMMAND] },
  to: { path: OURS, pathNot: `^scripts/(${[folder, ...below].join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Nothing imports itself in a circle, not even for a type.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-lost-imports",
      comment: "What is imported can be found.",
      severity: "error",
      from: {},
      // What is built may not be there.
      to: { couldNotResolve: true, pathNot: "(^|/)dist/" },
    },
    ...layers.reverse(),
    {
      name: "one-store-asks-genesys",
      comment: "genesys-credential: lives in Genesys Cloud; no other store knows genesys/.",
      severity: "error",
      from: { path: ASKS_GENESYS },
      to: { path: OURS, pathNot: "^scripts/(stores|genesys|http|core)/" },
    },
    {
      name: "one-command-starts-the-sandbox",
      comment: "Of scripts/ only the command `sandbox` imports sandbox/.",
      severity: "error",
      from: { path: SANDBOX_COMMAND },
      to: { path: OURS, pathNot: "^(scripts|sandbox)/" },
    },
    {
      name: "vendors-apart",
      comment: "A store imports no other vendor's: what two of them need is in stores/ itself.",
      severity: "error",
      // A vendor is the first word of its schemes: aws-ssm and aws-secretsmanager share aws/.
      from: { path: "^scripts/stores/([a-z0-9]+)[^/]*/" },
      to: { path: "^scripts/stores/[^/]+/", pathNot: "^scripts/stores/$1[^/]*/" },
    },
    {
      name: "stores-by-uri",
      comment:
        "Nobody asks for a store by its vendor: it has a row in schemes.ts, and open-store.ts finds its code by the scheme. Only genesys-credential: is known to who rotates, for a warning.",
      severity: "error",
      from: {
        path: OURS,
        pathNot: ["^scripts/stores/([^/]+/|schemes\\.ts$)", "^(__tests__|tools)/"],
      },
      to: { path: "^scripts/stores/[^/]+/", pathNot: [ROWS, "^scripts/stores/genesys-credential/"] },
    },
    {
      name: "rows-are-light",
      comment:
        "A scheme's row needs core/ and other rows only: a synth loads no store and no library of one.",
      severity: "error",
      from: { path: ROWS },
      to: { pathNot: [ROWS, "^scripts/core/"], dependencyTypesNot: ["core"] },
    },
    {
      name: "program-without-cdktf",
      comment: "The program is for Terraform without CDKTF, too: nothing in scripts/ imports it.",
      severity: "error",
      from: { path: "^scripts/" },
      to: { path: "(^|node_modules/)(cdktf|cdktn|constructs|@cdktf)(/|$)" },
    },
    {
      name: "synth-knows-the-rows",
      comment: "Of the program a synth uses what it shares with a run: scripts/core/ and the scheme rows.",
      severity: "error",
      from: { path: "^constructs/" },
      to: { path: OURS, pathNot: ["^constructs/", "^scripts/core/", ROWS] },
    },
    {
      name: "app-uses-the-constructs",
      comment: "main.ts and environments.ts use constructs/, and the regions' names of scripts/core/.",
      severity: "error",
      from: { path: "^(main|environments)\\.ts$" },
      to: { path: OURS, pathNot: "^(constructs/|scripts/core/|environments\\.ts$)" },
    },
    {
      name: "synth-opens-no-socket",
      comment: "Nothing that a synth loads can open a socket.",
      severity: "error",
      from: { path: "^(constructs/|main\\.ts$|environments\\.ts$)" },
      to: { path: "^(node:)?(net|tls|http|https|http2|dgram|dns)$", reachable: true },
    },
    {
      name: "sandbox-stands-alone",
      comment:
        "sandbox/ is a Genesys Cloud of its own: it uses scripts/core/, and the schema that the bindings are made from.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: OURS, pathNot: ["^sandbox/", "^scripts/core/", "^tools/bindings/schema\\.ts$"] },
    },
    {
      name: "stand-ins-in-the-sandbox",
      comment: "Only the sandbox with its demo, tests and benchmarks use the stand-in providers.",
      severity: "error",
      from: { pathNot: "^(sandbox|__tests__|tools/benchmarks)/" },
      to: { path: "^sandbox/providers/" },
    },
    {
      name: "tests-are-not-imported",
      comment: "Nothing imports a test or its helpers, but benchmarks, which measure what is tested.",
      severity: "error",
      from: { pathNot: "^(__tests__|tools/benchmarks)/" },
      to: { path: "^__tests__/" },
    },
  ],
  options: {
    // Imports of types, too: they are what a reader has to follow.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "^(dist|cdktf\\.out)/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
    skipAnalysisNotInRules: true,
  },
};
