import type { SecretClientOptions } from "@azure/keyvault-secrets";
import { proxyAgent, REQUEST_TIMEOUTS } from "../../http/connection";
import { AzureFault } from "./fault";

/** Far above any answer: a secret has 25 kB at most. */
const LARGEST_ANSWER_BYTES = 1024 * 1024;

type Policies = NonNullable<SecretClientOptions["additionalPolicies"]>;
type Policy = Policies[number]["policy"];

/**
 * How the SDK's clients send requests: within a time and a size, certificates always checked, redirects not followed,
 * and each once, because repeating is the protocol's business.
 * @param signal cuts what is under way
 */
export function bounds(
  signal: AbortSignal,
): Pick<SecretClientOptions, "additionalPolicies" | "redirectOptions" | "retryOptions"> {
  return {
    redirectOptions: { maxRetries: 0 },
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: bounded(signal), position: "perRetry" }],
  };
}

function bounded(signal: AbortSignal): Policy {
  return {
    name: "genesysSecretBounds",
    async sendRequest(request, next) {
      const abort = new AbortController();
      const cut = (): void => abort.abort();
      const given = request.abortSignal;
      const timer = setTimeout(cut, REQUEST_TIMEOUTS.request);
      signal.addEventListener("abort", cut);
      given?.addEventListener("abort", cut);
      if (signal.aborted || given?.aborted) cut();
      let tooLarge = false;
      request.abortSignal = abort.signal;
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      request.requestOverrides = { ...request.requestOverrides, rejectUnauthorized: true };
      request.onDownloadProgress = ({ loadedBytes }) => {
        if (loadedBytes <= LARGEST_ANSWER_BYTES) return;
        tooLarge = true;
        throw new Error("too large");
      };
      try {
        // In place of the SDK's own, which does not check the certificate of an IP address.
        if (request.url.startsWith("https:")) request.agent = await proxyAgent(request.url);
        const response = await next(request);
        if (response.status >= 300 && response.status < 400)
          throw new AzureFault(`it redirects to another address (${response.status}), which is not followed`);
        return response;
      } catch (error) {
        throw tooLarge ? new AzureFault("its answer is larger than 1 MB") : error;
      } finally {
        request.abortSignal = given;
        clearTimeout(timer);
        signal.removeEventListener("abort", cut);
        given?.removeEventListener("abort", cut);
      }
    },
  };
}
