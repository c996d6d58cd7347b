import type { SecretApi } from "./api";
import { KubernetesFault } from "./fault";
import { canaryData } from "./secret-data";

/** Why the Secret would not take what is to be written, and what to do. */
export interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

/** Answers that judge the request: the server's words are worth repeating, and a canary is all they can quote. */
const JUDGEMENTS = new Set([400, 403, 404, 409, 422]);

/**
 * Makes the very call that will be made, without effect: admission, who manages which key, quota, the namespace.
 * @param onUnasked called when something in the cluster cannot take part in a dry run, so that it remains to be seen
 * @returns why it would be refused; undefined when nothing is known against it
 * @throws {KubernetesFault} when the server gives no judgement
 */
export async function rehearse(
  api: SecretApi,
  force: boolean,
  onUnasked: () => void,
): Promise<Refusal | undefined> {
  const canary = canaryData();
  try {
    const { data } = await api.apply(canary, { dryRun: true, force });
    if (data.client_secret === canary.client_secret) return undefined;
    return {
      reason: "the cluster's admission changes what is written",
      remedy: "Exempt this Secret from the webhook or policy that does, then run again.",
    };
  } catch (error) {
    if (!(error instanceof KubernetesFault)) throw error;
    if (error.status === 400 && /does not support dry run/.test(error.detail)) {
      onUnasked();
      return undefined;
    }
    const refusal = refusalOf(error);
    if (refusal) return refusal;
    throw error;
  }
}

function refusalOf({ status, conflicts, missing, detail }: KubernetesFault): Refusal | undefined {
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
