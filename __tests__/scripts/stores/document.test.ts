import { Secret } from "../../../scripts/core/secret";
import { HeldDocument, type StoredDocument } from "../../../scripts/stores/document";
import { fromSecretData, toSecretData } from "../../../scripts/stores/kubernetes/secret-data";

const DOCUMENT: StoredDocument = {
  clientId: "c1",
  clientSecret: new Secret("s1-of-the-client"),
  region: "us-east-1",
  regeneratedAt: "2026-01-01T00:00:00.000Z",
  rotation: "version:1",
  stores: ["file:/a"],
};
const MARKED: StoredDocument = { ...DOCUMENT, verified: false };

describe("the mark of a run that did not see the secret log in", () => {
  test("is a field of the document, and goes when the document is written without it", () => {
    const held = HeldDocument.parse('{"team":"billing"}').with(MARKED);
    expect(held.object).toMatchObject({ team: "billing", verified: false });
    expect(held.document).toEqual(MARKED);
    const without = held.with(DOCUMENT);
    expect(without.object).not.toHaveProperty("verified");
    expect(without.document).toEqual(DOCUMENT);
    expect(without.object.team).toBe("billing");
  });

  test("is taken out with the document", () => {
    expect(HeldDocument.parse("{}").with(MARKED).others).toBeUndefined();
  });

  test("is a key of a Secret, and absent from one without it", () => {
    const data = toSecretData(MARKED);
    expect(Buffer.from(data.verified ?? "", "base64").toString()).toBe("false");
    expect(fromSecretData(data)).toEqual(MARKED);
    expect(toSecretData(DOCUMENT)).not.toHaveProperty("verified");
    expect(fromSecretData(toSecretData(DOCUMENT))).toEqual(DOCUMENT);
  });

  test.each([true, "yes", 0, null, {}])("is not what others write into that field: %j", (verified) => {
    const held = HeldDocument.parse(JSON.stringify({ verified }));
    expect(held.with(DOCUMENT).document).toEqual(DOCUMENT);
    expect(held.with(DOCUMENT).object.verified).toEqual(verified);
  });
});
