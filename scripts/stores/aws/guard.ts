import { pipeline, type Readable, Transform } from "node:stream";
import { isLoopback } from "../../http/connection";
import { isRedirect, redirected, tooLarge } from "../../http/fault";
import { LIMITS } from "../../http/limits";
import { RefusedExchange } from "./fault";

interface Request {
  readonly protocol: string;
  readonly hostname: string;
}

interface Response {
  readonly statusCode: number;
  body: Readable;
}

type Handler = (args: { request: unknown; input: never }) => Promise<{ response: unknown }>;

/** What a client of the SDK offers for looking at each exchange. */
interface Guardable {
  readonly middlewareStack: {
    add(
      middleware: (next: Handler) => Handler,
      options: { step: "deserialize"; priority: "low"; name: string },
    ): void;
  };
}

/**
 * Makes a client of the SDK refuse what no AWS endpoint does: plain http to another machine, a redirect, and an
 * answer beyond all measure.
 */
export function guard(client: unknown): void {
  (client as Guardable).middlewareStack.add(
    (next) => async (args) => {
      const { protocol, hostname } = args.request as Request;
      if (protocol === "http:" && !isLoopback(hostname))
        throw new RefusedExchange("its endpoint is plain http to another machine; use https://");
      const result = await next(args);
      const response = result.response as Response;
      if (isRedirect(response.statusCode)) {
        response.body.destroy();
        throw new RefusedExchange(redirected(response.statusCode));
      }
      response.body = limited(response.body);
      return result;
    },
    // The last of the steps: nothing has looked at the answer yet.
    { step: "deserialize", priority: "low", name: "genesysSecretGuard" },
  );
}

function limited(body: Readable): Readable {
  const { largestAnswer } = LIMITS.aws;
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > largestAnswer) done(new RefusedExchange(tooLarge(largestAnswer)));
      else done(null, chunk);
    },
  });
  // Whoever reads the last stream is told of a fault by it.
  return pipeline(body, limit, () => {});
}
