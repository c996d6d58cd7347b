const REGION = "us-east-1";

/** Calls to moto in AWS's own protocols, for when it asks for no signature. No SDK: what is tested is not the judge. */
export class AwsCall {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  secretsmanager<T = Record<string, unknown>>(operation: string, input: object): Promise<T> {
    return this.#json("secretsmanager", `secretsmanager.${operation}`, input);
  }

  ssm<T = Record<string, unknown>>(operation: string, input: object): Promise<T> {
    return this.#json("ssm", `AmazonSSM.${operation}`, input);
  }

  /** @returns the answer's XML */
  async iam(action: string, input: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Action: action, Version: "2010-05-08", ...input });
    return this.#send("iam", {}, body);
  }

  async #json<T>(service: string, target: string, input: object): Promise<T> {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
    return JSON.parse((await this.#send(service, headers, JSON.stringify(input))) || "{}");
  }

  async #send(
    service: string,
    headers: Record<string, string>,
    body: string | URLSearchParams,
  ): Promise<string> {
    const answer = await fetch(this.#origin, {
      method: "POST",
      // Only its scope is read here: it says which service is meant.
      headers: {
        ...headers,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${service}: ${answer.status} ${text}`);
    return text;
  }
}
