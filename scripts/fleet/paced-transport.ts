import type { IncomingHttpHeaders } from "node:http";
import { isLoginRateLimit } from "../genesys/login-answers";
import type { Reply } from "../genesys/reply";
import type { Call, Sender } from "../genesys/transport";
import { Pace } from "./pace";
import { ApiRate, LoginRate, type RateNews } from "./rate";

/** The limits that all requests to one org with one admin share. */
export class Limits {
  readonly #api: ApiRate;
  readonly #login = new LoginRate();
  readonly #apiPace: Pace;
  readonly #loginPace = new Pace(this.#login);

  /** @param minuteMs how long the API's minute is: shorter on a sandbox whose clock runs fast */
  constructor(minuteMs?: number) {
    this.#api = new ApiRate(minuteMs);
    this.#apiPace = new Pace(this.#api);
  }

  /** Whether requests wait already, so that more of them would only wait longer. */
  get congested(): boolean {
    return this.#apiPace.waiting > 0 || this.#loginPace.waiting > 0;
  }

  /** Milliseconds until the API takes the next request. */
  get pause(): number {
    return this.#apiPace.pause;
  }

  /** A sender whose requests take turns: logins in one queue, calls with the admin's token in the other. */
  over(sender: Sender): Sender {
    return {
      send: async (call) => {
        // The last thing that is done with a token, in a single attempt: there is room left for the admin's.
        if (call.method === "DELETE" && call.url.endsWith("/tokens/me")) return sender.send(call);
        const isLogin = "basic" in call.authorization;
        const pace = isLogin ? this.#loginPace : this.#apiPace;
        const learn = (reply: Reply): void => this.#learn(isLogin, reply);
        const paced: Call = {
          ...call,
          turn: (attempt) => pace.turn(attempt === 1 ? call.patience : undefined),
          onRetry: (reply) => {
            learn(reply);
            call.onRetry?.(reply);
          },
        };
        const answer = await sender.send(paced);
        learn(answer);
        return answer;
      },
    };
  }

  #learn(isLogin: boolean, answer: Reply): void {
    if (answer.kind !== "answer") return;
    const now = performance.now();
    if (isLogin) {
      if (isLoginRateLimit(answer)) this.#login.refused(now);
      else this.#login.passed();
      return;
    }
    if (answer.status === 429) this.#api.refused(now, seconds(answer.headers["retry-after"]));
    this.#api.told(now, newsOf(answer.headers));
  }
}

/** Genesys Cloud counts requests in headers of its own. */
function newsOf(headers: IncomingHttpHeaders): RateNews {
  return {
    allowed: number(headers["inin-ratelimit-allowed"]),
    count: number(headers["inin-ratelimit-count"]),
    reset: seconds(headers["inin-ratelimit-reset"]),
  };
}

function seconds(value: unknown): number | undefined {
  const given = number(value);
  return given === undefined ? undefined : given * 1000;
}

function number(value: unknown): number | undefined {
  return typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}
