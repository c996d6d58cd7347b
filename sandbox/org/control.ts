import type { IncomingHttpHeaders } from "node:http";
import type { AllowLists } from "./allow-list";
import type { Answer, OrgRequest } from "./answer";
import type { FaultPlan } from "./fault-plan";
import type { Journal } from "./journal";

export const CONTROL_PREFIX = "/sandbox/";

/** What can be set and seen. */
export interface Controlled {
  readonly faults: FaultPlan;
  readonly journal: Journal;
  readonly allowLists: AllowLists;
}

/**
 * `/sandbox/…`: the strings behind the stage, for programs in other processes.
 *
 * They need no token. The server listens on loopback only; a web page that the user has open could still reach
 * it, and is kept out by its Origin header, or by the Host header when a name was rebound to 127.0.0.1.
 */
export function control(
  request: OrgRequest,
  headers: IncomingHttpHeaders,
  { faults, journal, allowLists }: Controlled,
): Answer {
  if (headers.origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(headers.host ?? "")) {
    return { status: 403, body: { message: "The sandbox's controls are not for web pages." } };
  }
  switch (`${request.method} ${request.path}`) {
    case "POST /sandbox/faults":
      return added(request.body, (fault) => faults.add(fault));
    case "DELETE /sandbox/faults":
      faults.clear();
      return { status: 204 };
    case "POST /sandbox/allow-lists":
      return added(request.body, (list) => allowLists.set(list));
    case "DELETE /sandbox/allow-lists":
      allowLists.clear();
      return { status: 204 };
    case "GET /sandbox/requests":
      return { status: 200, body: { requests: journal.entries } };
    default:
      return {
        status: 404,
        body: { message: `The sandbox has no control ${request.method} ${request.path}` },
      };
  }
}

/** One thing, or a list of them. */
function added(body: string, add: (one: unknown) => void): Answer {
  try {
    const given: unknown = JSON.parse(body);
    const list = Array.isArray(given) ? given : [given];
    for (const one of list) add(one);
    return { status: 200, body: { added: list.length } };
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } };
  }
}
