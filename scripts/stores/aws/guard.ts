import { pipeline, type Readable, Transform } from "node:stream";
import { isLoopback } from "../../http/connection";
import { RefusedExchange } from "./fault";

/** Far above any answer of the calls that these stores make: a secret has at most 64 KB. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

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
      if (response.statusCode >= 300 && response.statusCode < 400) {
        response.body.destroy();
        throw new RefusedExchange(
          `it redirects to another address (${response.statusCode}), which is not followed`,
        );
      }
      response.body = limited(response.body);
      return result;
    },
    // The last of the steps: nothing has looked at the answer yet.
    { step: "deserialize", priority: "low", name: "genesysSecretGuard" },
  );
}

function limited(body: Readable): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > LARGEST_ANSWER_BYTES) done(new RefusedExchange("its answer is larger than 1 MB"));
      else done(null, chunk);
    },
  });
  // Whoever reads the last stream is told of a fault by it.
  return pipeline(body, limit, () => {});
}
