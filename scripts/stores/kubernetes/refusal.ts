import type { ClusterSecret } from "./api";
import type { KubernetesFault } from "./fault";

/** Why the Secret would not take, or not keep, what is to be written, and what to do. */
export interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

/** Answers that judge the request: the server's words are worth repeating, and a stand-in is all they can quote. */
const JUDGEMENTS = new Set([400, 403, 404, 409, 422]);

/** What speaks against writing into a Secret as it is; undefined when nothing does. */
export function refusalOfState({ immutable, deleting, controller }: ClusterSecret): Refusal | undefined {
  if (immutable)
    return {
      reason: "the Secret is immutable",
      remedy: "Name another Secret, or delete this one and create it anew without `immutable: true`.",
    };
  if (deleting)
    return {
      reason: "the Secret is being deleted",
      remedy: "Wait until it is gone, or name another Secret, then run again.",
    };
  if (controller !== undefined)
    return {
      reason: `the Secret belongs to ${controller}, whose controller takes out what it did not put there itself`,
      remedy: "Name a Secret of its own for this client, then run again.",
    };
  return undefined;
}

/** Why the API server refuses a dry run of the write; undefined when its answer is no judgement. */
export function refusalOf({ status, conflicts, missing, detail }: KubernetesFault): Refusal | undefined {
  if (conflicts.length > 0) {
    const owners = conflicts.map(({ field, manager }) => `${field} by ${manager}`).join(", ");
    return {
      reason: `others manage fields that it needs: ${owners}`,
      remedy: "Name another Secret, or take the fields over with the option force=true.",
    };
  }
  if (status === 404 && missing === "namespaces")
    return {
      reason: "its namespace does not exist",
      remedy: "Create it or correct the store URI, then run again.",
    };
  if (status === undefined || !JUDGEMENTS.has(status) || detail === "") return undefined;
  return {
    reason: `a dry run is refused (${status}): ${detail.replace(/\.$/, "")}`,
    remedy: "Grant what is missing or correct the policy named, then run again.",
  };
}
