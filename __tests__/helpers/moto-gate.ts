import { type IncomingMessage, type RequestListener, request as send } from "node:http";
import type { Certificate } from "./certificate";
import { HttpGate } from "./http-gate";

/** One call to AWS, as it went by. */
export interface SeenCall {
  /** Such as `PutSecretValue`. */
  readonly operation: string;
  /** The region it was signed for. */
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What happens to calls of one operation. */
export interface AwsFaultPlan {
  readonly operation: string;
  /** To which of them, as a condition of IAM says it. @default - to all */
  readonly when?: (input: Readonly<Record<string, unknown>>) => boolean;
  /** How many calls of it pass first. @default 0 */
  readonly skip?: number;
  /** @default 1 */
  readonly times?: number;
  /** Answered in place of moto; or the connection is cut after moto has acted; or something happens first. */
  readonly instead: { status: number; body: object } | "cut after the effect" | (() => Promise<unknown>);
}

/** What stands before moto: it notes each call, and brings about what moto does not model. */
export class MotoGate {
  readonly calls: SeenCall[] = [];
  readonly #plans: { plan: AwsFaultPlan; skip: number; left: number }[] = [];

  /** @param certificate serves TLS with it. @default - plain http */
  static async open(origin: string, certificate?: Certificate): Promise<{ gate: HttpGate; aws: MotoGate }> {
    const aws = new MotoGate();
    return { aws, gate: await HttpGate.open(aws.#through(new URL(origin)), certificate) };
  }

  plan(plan: AwsFaultPlan): void {
    this.#plans.push({ plan, skip: plan.skip ?? 0, left: plan.times ?? 1 });
  }

  #through({ hostname, port }: URL): RequestListener {
    return async (request, response) => {
      const body = await text(request);
      const target = request.headers["x-amz-target"];
      // STS, which the SDK asks for credentials, speaks forms and XML.
      const form = new URLSearchParams(target === undefined ? body : "");
      const operation = String(target ?? "").split(".")[1] ?? form.get("Action") ?? "";
      const region = /Credential=[^/]+\/\d+\/([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const input: SeenCall["input"] = JSON.parse(target && body ? body : "{}");
      this.calls.push({ operation, region, input });
      const instead = this.#next(operation, input);
      if (typeof instead === "object") {
        response.writeHead(instead.status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(instead.body));
        return;
      }
      if (typeof instead === "function") await instead();
      const { method, url: path, headers } = request;
      const onward = send({ hostname, port, method, path, headers }, async (answer) => {
        const answered = await text(answer);
        if (instead === "cut after the effect") {
          response.destroy();
          return;
        }
        const [status, said] =
          target === undefined ? [200, answered] : asAws(answer.statusCode ?? 502, answered);
        const type = target === undefined ? "text/xml" : "application/x-amz-json-1.1";
        response.writeHead(status, { "content-type": type }).end(said);
      });
      onward.on("error", () => response.destroy());
      onward.end(body);
    };
  }

  /** From here on calls for which the condition holds are refused, as IAM or the service refuses them. */
  deny(operation: string, when: AwsFaultPlan["when"], error = "AccessDeniedException"): void {
    const body = { __type: error, message: "denied by a rule" };
    this.plan({ operation, when, times: Number.POSITIVE_INFINITY, instead: { status: 400, body } });
  }

  /** From here on nothing happens to any call. */
  clear(): void {
    this.#plans.length = 0;
  }

  /** The calls of one operation so far. */
  callsOf(operation: string): readonly SeenCall["input"][] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  #next(operation: string, input: SeenCall["input"]): AwsFaultPlan["instead"] | undefined {
    const fitting = this.#plans.find(
      ({ plan, left }) => plan.operation === operation && left > 0 && (plan.when?.(input) ?? true),
    );
    if (!fitting) return undefined;
    if (fitting.skip > 0) {
      fitting.skip--;
      return undefined;
    }
    fitting.left--;
    return fitting.plan.instead;
  }
}

/** Moto's IAM answers in XML; the services that speak JSON answer so, and by these names. */
const IAM_ERRORS: Readonly<Record<string, string>> = {
  AccessDenied: "AccessDeniedException",
  InvalidClientTokenId: "UnrecognizedClientException",
  SignatureDoesNotMatch: "InvalidSignatureException",
};

function asAws(status: number, body: string): [status: number, body: string] {
  const [, code = "", message = ""] =
    /^<[\s\S]*<Code>(.*)<\/Code>\s*<Message>(.*)<\/Message>/.exec(body) ?? [];
  if (code === "") return [status, body];
  return [400, JSON.stringify({ __type: IAM_ERRORS[code] ?? code, Message: message })];
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
