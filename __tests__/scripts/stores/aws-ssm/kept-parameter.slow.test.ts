import { describeUnlessMissing } from "../../../helpers/engines";
import { LONG_NUMBERS } from "../../../helpers/long-numbers";
import { Moto, missingMoto } from "../../../helpers/moto";
import { MotoParameter } from "../../../helpers/moto-parameter";
import { MotoRotation } from "../../../helpers/moto-rotation";
import { keptAttribute } from "../../../helpers/store-rows";

const NAME = "/genesys/orders";
const URI = `aws-ssm:${NAME}`;
const CREATED = `${URI}?create=true`;
const ACTIONS = ["GetParameter", "DescribeParameters", "PutParameter"].map((action) => `ssm:${action}`);
const TRAITS = {
  KeyId: "alias/orders",
  Tier: "Advanced",
  Description: "Theirs",
  AllowedPattern: ".*",
  DataType: "text",
};
const NO_CHANGE = JSON.stringify([
  { Type: "NoChangeNotification", Version: "1.0", Attributes: { After: "20", Unit: "Days" } },
]);

describeUnlessMissing(missingMoto, "what others have set in AWS SSM", () => {
  let moto: Moto;
  let rotation: MotoRotation;
  let parameter: MotoParameter;

  beforeAll(async () => {
    moto = await Moto.start();
  });

  afterAll(() => moto.stop());

  beforeEach(async () => {
    rotation = await MotoRotation.start(moto, ACTIONS);
    parameter = new MotoParameter(moto, NAME);
  });

  afterEach(() => rotation.close());

  const put = (text: string, traits?: object): Promise<unknown> => parameter.put(text, traits);

  async function lives(): Promise<boolean> {
    const { client_secret } = JSON.parse((await parameter.held())?.Value ?? "{}");
    return rotation.sandbox.accepts(rotation.client.id, String(client_secret));
  }

  for (const [attribute, name] of [
    ["policies", "Policies"],
    ["description", "Description"],
    ["allowed pattern", "AllowedPattern"],
    ["data type", "DataType"],
    ["tier", "Tier"],
    ["KMS key", "KeyId"],
  ] as const)
    keptAttribute("aws-ssm", attribute, async () => {
      await put("{}", { ...TRAITS, Policies: NO_CHANGE });
      const { [name]: before } = await parameter.traits();
      expect(before).toBeDefined();
      expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
      expect((await parameter.traits())[name]).toEqual(before);
    });

  keptAttribute("aws-ssm", "KMS key of who creates it at the same time", async () => {
    rotation.aws.plan({
      operation: "PutParameter",
      instead: () => put('{"team":"orders"}', { KeyId: "alias/theirs" }),
    });
    expect(await rotation.regenerate(CREATED)).toMatchObject({ code: 0 });
    const over = rotation.aws.callsOf("PutParameter").filter(({ Overwrite }) => Overwrite);
    expect(over).toMatchObject([{ KeyId: "alias/theirs" }, { KeyId: "alias/theirs" }]);
    expect(JSON.parse((await parameter.held())?.Value ?? "")).toMatchObject({ team: "orders" });
  });

  keptAttribute("aws-ssm", "tags", async () => {
    await put("{}", { Tags: [{ Key: "team", Value: "orders" }] });
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    const asked = { ResourceType: "Parameter", ResourceId: NAME };
    expect(await moto.asAws((call) => call.ssm("ListTagsForResource", asked))).toMatchObject({
      TagList: [{ Key: "team", Value: "orders" }],
    });
  });

  keptAttribute("aws-ssm", "numbers in fields of others, as they were written", async () => {
    await put(`{${LONG_NUMBERS}}`);
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    expect((await parameter.held())?.Value).toContain(LONG_NUMBERS);
    expect(await lives()).toBe(true);
  });

  keptAttribute("aws-ssm", "earlier versions and their labels", async () => {
    await put('{"theirs":1}');
    const label = { Name: NAME, ParameterVersion: 1, Labels: ["stable"] };
    await moto.asAws((call) => call.ssm("LabelParameterVersion", label));
    expect(await rotation.regenerate(URI)).toMatchObject({ code: 0 });
    const asked = { Name: `${NAME}:stable`, WithDecryption: true };
    expect(await moto.asAws((call) => call.ssm("GetParameter", asked))).toMatchObject({
      Parameter: { Value: '{"theirs":1}', Version: 1 },
    });
  });
});
