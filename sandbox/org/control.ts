import type { IncomingHttpHeaders } from "node:http";
import type { Answer, OrgRequest } from "./answer";
import type { FaultPlan } from "./fault-plan";
import type { Journal } from "./journal";

export const CONTROL_PREFIX = "/sandbox/";

/**
 * `/sandbox/…`: the strings behind the stage, for programs in other processes.
 *
 * They need no token. The server listens on loopback only; a web page that the user has open could still reach
 * it, and is kept out by its Origin header, or by the Host header when a name was rebound to 127.0.0.1.
 */
export function control(
  request: OrgRequest,
  headers: IncomingHttpHeaders,
  faults: FaultPlan,
  journal: Journal,
): Answer {
  if (headers.origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(headers.host ?? "")) {
    return { status: 403, body: { message: "The sandbox's controls are not for web pages." } };
  }
  switch (`${request.method} ${request.path}`) {
    case "POST /sandbox/faults":
      return addFaults(request.body, faults);
    case "DELETE /sandbox/faults":
      faults.clear();
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

/** One fault, or a list of them. */
function addFaults(body: string, faults: FaultPlan): Answer {
  try {
    const given: unknown = JSON.parse(body);
    const list = Array.isArray(given) ? given : [given];
    for (const fault of list) faults.add(fault);
    return { status: 200, body: { added: list.length } };
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } };
  }
}
