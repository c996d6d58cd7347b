import { Secret } from "../../../scripts/core/secret";
import { diagnose, missesRotation } from "../../../scripts/rotation/diagnose";
import type { Examined } from "../../../scripts/rotation/examine";
import { byClient } from "../../../scripts/rotation/owners";
import type { StoredDocument } from "../../../scripts/stores/document";
import { documentOf, ModelStore } from "./world";

const store = (uri: string, readable = true) => new ModelStore(uri, [], { readable });
const ALIVE = { login: { secret: "valid" } } as const;
const DEAD = { login: { secret: "invalid", reason: "invalid_client" } } as const;
const UNKNOWN = { login: { secret: "unknown", because: "out of reach", reason: "no answer" } } as const;
const SOURCE = documentOf();
const OTHER = documentOf({ clientId: "c2", clientSecret: new Secret("s2"), stores: ["file:/z"] });
const heal = (...uris: string[]): string =>
  `To copy the working secret here: genesys-secret doctor --heal --client-id c1 ${uris.map((uri) => `--store ${uri}`).join(" ")}`;
const HEAL = heal("file:/a", "file:/b");

const a: Examined = { store: store("file:/a"), document: SOURCE, ...ALIVE };
const holds = (uri: string, document: StoredDocument, login: Pick<Examined, "login">): Examined => ({
  store: store(uri),
  document,
  ...login,
});
const look = (
  examined: readonly Examined[],
  { ids = ["c1"], gone = [] as string[], rotation = null as string | null } = {},
) => diagnose(examined, ids, gone, rotation, ({ login }) => login?.secret !== "invalid");

describe("diagnose", () => {
  test("finds nothing where all is well", () => {
    expect(look([a, holds("file:/b", SOURCE, ALIVE)])).toEqual({
      findings: [],
      source: SOURCE,
      lacking: [],
      twins: undefined,
    });
  });

  test.each<[string, Examined, string, string]>([
    ["an empty store", { store: store("file:/b") }, "it holds no secret", HEAL],
    ["a dead secret", holds("file:/b", documentOf(), DEAD), "its secret is invalid (invalid_client)", HEAL],
    [
      "a dead secret of another client",
      holds("file:/b", OTHER, DEAD),
      "it holds the secret of another client, c2",
      HEAL,
    ],
  ])("%s is a finding, and lacks the working secret", (_, one, problem, remedy) => {
    const { findings, lacking } = look([a, one]);
    expect(findings).toEqual([{ uri: "file:/b", problem, remedy }]);
    expect(lacking).toEqual(one.document && one.document.clientId === "c1" ? [] : ["file:/b"]);
  });

  test("an older secret of the client lacks the working one", () => {
    const older = documentOf({ clientSecret: new Secret("s0") });
    expect(look([a, holds("file:/b", older, DEAD)]).lacking).toEqual(["file:/b"]);
  });

  test("another client's working secret is nothing to copy over", () => {
    const { findings, lacking, source } = look([a, holds("file:/b's", OTHER, ALIVE)]);
    expect(findings).toEqual([
      {
        uri: "file:/b's",
        problem: "it holds the working secret of another client, c2",
        remedy:
          "Nothing is copied over a secret that may be valid. If the store is not that client's, take it out: " +
          "genesys-secret remove --client-id c2 --store 'file:/b'\\''s' --yes",
      },
    ]);
    expect(lacking).toEqual([]);
    expect(source).toBe(SOURCE);
  });

  test("nor is one that cannot be judged", () => {
    const { findings, lacking } = look([a, holds("file:/b", OTHER, UNKNOWN)]);
    expect(findings[0]?.problem).toBe("it holds the secret of another client, c2");
    expect(lacking).toEqual([]);
  });

  test("a secret that cannot be judged is looked at again", () => {
    expect(look([a, holds("file:/b", SOURCE, UNKNOWN)]).findings).toEqual([
      {
        uri: "file:/b",
        problem: "it is not known whether its secret is valid (no answer)",
        remedy: "Look again when the login service answers.",
      },
    ]);
  });

  test("where this machine is denied, it is looked at from elsewhere, and nothing is replaced for that", () => {
    const denied = { login: { secret: "unknown", because: "denied", reason: "access_denied" } } as const;
    const remedy =
      "Look again from an address that the client may log in from; nothing needs to be replaced for this.";
    expect(look([holds("file:/b", SOURCE, denied), { store: store("file:/c") }]).findings).toEqual([
      {
        uri: "file:/b",
        problem:
          "it is not known whether its secret is valid (the login service denies this machine: access_denied)",
        remedy,
      },
      // A new secret would replace what may be valid.
      { uri: "file:/c", problem: "it holds no secret", remedy },
    ]);
  });

  test("a login that is not to be tried is no finding", () => {
    const untried = { login: { secret: "unknown", because: "not tried", reason: "" } } as const;
    expect(look([holds("file:/b", SOURCE, untried)]).findings).toEqual([]);
  });

  test("an invalid secret in another store takes nothing from what is known of the rest", () => {
    const { findings } = look([holds("file:/a", SOURCE, DEAD), { store: store("file:/b") }]);
    const renewal = expect.stringMatching(/ To make a new one: genesys-secret doctor --heal --rotate /);
    expect(findings.map(({ remedy }) => remedy)).toEqual([renewal, renewal]);
  });

  test("what a destroyed client left is taken out, not healed", () => {
    const { findings } = look([a, holds("file:/b", OTHER, DEAD)], { gone: ["c2"] });
    expect(findings).toEqual([
      {
        uri: "file:/b",
        problem: "it holds what a destroyed client left, c2",
        remedy: "To take it out: genesys-secret remove --client-id c2 --store file:/b",
      },
    ]);
  });

  test("a store that is not ready says so, and is not written", () => {
    const { findings, lacking } = look([
      a,
      { store: store("file:/b"), notReady: "no mount", remedy: "mount it" },
    ]);
    expect(findings).toEqual([{ uri: "file:/b", problem: "no mount", remedy: "mount it" }]);
    expect(lacking).toEqual([]);
    expect(look([{ store: store("file:/b"), notReady: "no mount" }]).findings[0]?.remedy).toBe(
      "Mend the store, then look again.",
    );
  });

  test("a store that cannot be read is no finding", () => {
    expect(look([a, { store: store("stdout:", false) }])).toMatchObject({ findings: [], lacking: [] });
  });

  test("a staged secret that alone lives is the source", () => {
    const staged = documentOf({ clientSecret: new Secret("s9") });
    const one = { ...holds("vault:secret/a", SOURCE, DEAD), stagedValid: staged };
    const { findings, source, lacking } = look([one]);
    expect(findings).toEqual([
      {
        uri: "vault:secret/a",
        problem: "the working secret is only staged: a run was interrupted",
        remedy: heal("vault:secret/a"),
      },
    ]);
    expect(source).toBe(staged);
    expect(lacking).toEqual(["vault:secret/a"]);
  });

  test("another client's staged secret is no source", () => {
    expect(look([{ store: store("vault:secret/a"), stagedValid: OTHER }]).source).toBeUndefined();
  });

  test("without a working secret only a new one helps, and the command says for whom", () => {
    const remedy = (ids: string[]): string | undefined =>
      look([{ store: store("file:/b") }], { ids }).findings[0]?.remedy;
    const renewal = (flags: string): string =>
      `No store holds a working secret of this client. To make a new one: genesys-secret doctor --heal --rotate ${flags} --store file:/b`;
    expect(remedy(["c1"])).toBe(renewal("--client-id c1"));
    expect(remedy(["c1", "c2"])).toBe(renewal("--client-id c1 --twin-id c2"));
    expect(remedy([])).toBe(renewal("--client-id ID"));
  });

  test("where nobody names the client, the newest working secret does", () => {
    const newer = documentOf({ clientId: "c2", regeneratedAt: "2026-02-01T00:00:00.000Z" });
    const { source, findings } = look([a, holds("file:/b", newer, ALIVE)], { ids: [] });
    expect(source).toBe(newer);
    expect(findings.map(({ uri }) => uri)).toEqual(["file:/a"]);
  });

  test("where nobody names the client, an invalid secret does not, though it is newer", () => {
    const newer = documentOf({ clientId: "c2", regeneratedAt: "2026-02-01T00:00:00.000Z" });
    const { source, findings } = look([a, holds("file:/b", newer, DEAD)], { ids: [] });
    expect(source).toBe(SOURCE);
    expect(findings).toEqual([
      {
        uri: "file:/b",
        problem: "it holds the secret of another client, c2",
        remedy: HEAL.replace(" --client-id c1", ""),
      },
    ]);
  });

  test("a client alone has no twin that is idle", () => {
    const other = documentOf({ clientId: "c2", clientSecret: new Secret("s2") });
    expect(look([holds("file:/a", other, ALIVE)], { ids: ["c2"] }).twins).toBeUndefined();
    expect(look([holds("file:/a", other, ALIVE)], { ids: [] }).twins).toBeUndefined();
  });

  test("where nobody names the client and none works, any will do", () => {
    expect(look([holds("file:/a", SOURCE, DEAD)], { ids: [] }).findings[0]?.problem).toBe(
      "its secret is invalid (invalid_client)",
    );
  });

  test("a rotation that an engine recorded and that never was", () => {
    expect(look([a], { rotation: "version:2" }).findings).toEqual([
      {
        uri: "file:/a",
        problem: 'its secret works, but is of the rotation "version:1", not of the rotation "version:2"',
        remedy:
          "To make up for it: genesys-secret doctor --heal --rotate --rotation version:2 --client-id c1 --store file:/a",
      },
    ]);
    const noted = documentOf({ rotation: null });
    expect(look([holds("file:/a", noted, ALIVE)], { rotation: "version:2" }).findings[0]?.problem).toBe(
      'its secret works, but is of no rotation, not of the rotation "version:2"',
    );
    expect(look([a], { rotation: "version:1" }).findings).toEqual([]);
    expect(missesRotation(SOURCE, null)).toBe(false);
  });

  test("a rotation is not missed by a dead secret, nor by an empty store", () => {
    const { findings } = look([holds("file:/a", SOURCE, DEAD), { store: store("file:/b") }], {
      rotation: "version:2",
    });
    expect(findings.map(({ problem }) => problem)).toEqual([
      "its secret is invalid (invalid_client)",
      "it holds no secret",
    ]);
  });

  describe("of twins", () => {
    const newer = documentOf({
      clientId: "c2",
      clientSecret: new Secret("s2"),
      regeneratedAt: "2026-02-01T00:00:00.000Z",
    });
    const ids = ["c1", "c2"];

    test("says which is in use", () => {
      expect(look([a], { ids }).twins).toEqual({ inUse: "c1", idle: "c2" });
      expect(look([holds("file:/b", newer, ALIVE)], { ids }).twins).toEqual({ inUse: "c2", idle: "c1" });
    });

    test("says nothing of it where none works", () => {
      expect(look([holds("file:/b", newer, DEAD)], { ids }).twins).toBeUndefined();
    });

    test("finds a store that a broken run left behind", () => {
      const { findings, lacking, source } = look([a, holds("file:/b", newer, ALIVE)], { ids });
      expect(source).toBe(newer);
      expect(findings).toEqual([
        {
          uri: "file:/a",
          problem: "it shows the other twin, c1, which is valid: a rotation was interrupted",
          remedy: HEAL.replace("c1", "c1 --twin-id c2"),
        },
      ]);
      expect(lacking).toEqual(["file:/a"]);
    });
  });
});

describe("whose a store is", () => {
  const owned = (examined: readonly Examined[]): [string | undefined, string[]][] =>
    byClient(examined).map(({ clientIds, examined }) => [
      clientIds[0],
      examined.map(({ store }) => store.uri.text),
    ]);

  test("a living secret decides", () => {
    expect(owned([a, holds("file:/z", OTHER, ALIVE), holds("file:/c", SOURCE, ALIVE)])).toEqual([
      ["c1", ["file:/a", "file:/c"]],
      ["c2", ["file:/z"]],
    ]);
  });

  test("then the list beside a living secret, whatever dead one lies there", () => {
    expect(owned([holds("file:/a", OTHER, DEAD), holds("file:/b", SOURCE, ALIVE)])).toEqual([
      ["c1", ["file:/a", "file:/b"]],
    ]);
  });

  test("then the dead secret's client", () => {
    expect(owned([holds("file:/y", OTHER, DEAD), a])).toEqual([
      ["c2", ["file:/y"]],
      ["c1", ["file:/a"]],
    ]);
  });

  test("a staged secret that lives decides, too", () => {
    expect(owned([{ ...holds("vault:secret/a", OTHER, DEAD), stagedValid: SOURCE }])).toEqual([
      ["c1", ["vault:secret/a"]],
    ]);
  });

  test("an empty store is the only client's, and nobody's among several", () => {
    const empty: Examined = { store: store("file:/e") };
    expect(owned([a, empty])).toEqual([["c1", ["file:/a", "file:/e"]]]);
    expect(owned([a, holds("file:/z", OTHER, ALIVE), empty])).toEqual([
      ["c1", ["file:/a"]],
      ["c2", ["file:/z"]],
      [undefined, ["file:/e"]],
    ]);
    expect(byClient([empty])).toEqual([{ clientIds: [], examined: [empty] }]);
  });
});
