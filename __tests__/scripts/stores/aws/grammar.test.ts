import { openStore } from "../../../../scripts/stores/aws-secretsmanager/store";
import type { StoreContext } from "../../../../scripts/stores/store";
import { parseStoreUri } from "../../../../scripts/stores/uri";

const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:genesys/orders-a1B2c3";

describe("what fits the grammar", () => {
  test.each([
    ["aws-secretsmanager:genesys/orders", "genesys/orders"],
    ["aws-secretsmanager:/a_b+c=d.e@f-1", "/a_b+c=d.e@f-1"],
    ["aws-secretsmanager:genesys%2Forders", "genesys/orders"],
    [`aws-secretsmanager:${ARN}`, ARN],
    [`aws-secretsmanager:${ARN.replace("aws", "aws-us-gov")}`, ARN.replace("aws", "aws-us-gov")],
    ["aws-ssm:/genesys/orders", "/genesys/orders"],
    ["aws-ssm:/a_b.c-1", "/a_b.c-1"],
  ])("is the URI %s", (text, target) => {
    const uri = parseStoreUri(text);
    expect(uri).toMatchObject({ target, text: `${uri.scheme}:${target}` });
  });

  test("options in their canonical order, a sign of equality in a tag included", () => {
    expect(parseStoreUri("aws-secretsmanager:a?tags=x=1,y=2&create=true").text).toBe(
      "aws-secretsmanager:a?create=true&tags=x%3D1%2Cy%3D2",
    );
  });
});

describe("what does not fit the grammar", () => {
  test.each([
    ["aws-secretsmanager:", "the name must be 1 to 512"],
    ["aws-secretsmanager:a b", "the name must be"],
    [`aws-secretsmanager:${"a".repeat(513)}`, "the name must be"],
    ["aws-secretsmanager:%", "percent-encoding is broken"],
    ["aws-secretsmanager:arn:aws:ssm:eu-west-1:123456789012:parameter/a", "the ARN is not one of a secret"],
    ["aws-secretsmanager:a?force=true", 'the option "force" is unknown; known are region, create'],
    ["aws-ssm:genesys/orders", "the name must be a path"],
    ["aws-ssm:/", "the name must be a path"],
    ["aws-ssm:/a//b", "the name must be a path"],
    [`aws-ssm:${"/a".repeat(16)}`, "at most 15 parts"],
    ["aws-ssm:/aws/orders", "AWS keeps names"],
    ["aws-ssm:/SSM-orders", "AWS keeps names"],
  ])("is the URI %s", (text, reason) => {
    expect(() => parseStoreUri(text)).toThrow(reason);
  });
});

describe("options that contradict each other", () => {
  const open = (text: string) => () => openStore(parseStoreUri(text), {} as StoreContext);

  test.each([
    [`${ARN}?region=us-east-1`, "the option region and the ARN say different things"],
    [`${ARN}?create=true`, "needs no option create"],
    ["a?create=yes", 'the option create must be "true" or "false"'],
    ["a?kms_key=alias/x", "the option kms_key is for one that is created, and needs create=true"],
    ["a?create=false&tags=a=b", "needs create=true"],
    ["a?create=true&description=", "the option description is empty"],
    ["a?create=true&tags=orders", "must be KEY=VALUE"],
    ["a?create=true&tags=a=1;2", "must be KEY=VALUE"],
    ["a?create=true&tags=aws:x=1", "begins with aws:"],
    ["a?create=true&tags=a=1,a=2", "no key twice"],
  ])("are refused: %s", (body, message) => {
    expect(open(`aws-secretsmanager:${body}`)).toThrow(message);
  });

  test("that fit together are accepted", () => {
    expect(open(`aws-secretsmanager:${ARN}?region=eu-west-1`)().uri.options.get("region")).toBe("eu-west-1");
    const created = open("aws-secretsmanager:a?create=true&tags=cost center=4/2,team=ö")();
    expect(created.uri.options.get("tags")).toBe("cost center=4/2,team=ö");
  });
});
