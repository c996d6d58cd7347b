import type { SecretClientOptions } from "@azure/keyvault-secrets";
import { proxyAgent } from "../../http/connection";
import { isRedirect, redirected, tooLarge } from "../../http/fault";
import { LIMITS } from "../../http/limits";
import { ServerPause } from "../../http/server-pause";
import { AzureFault } from "./fault";

const { attempts, wholeMs, largestAnswer } = LIMITS.azure;

type Policies = NonNullable<SecretClientOptions["additionalPolicies"]>;
type Policy = Policies[number]["policy"];

/**
 * How the SDK's clients send requests: within a time and a size, certificates always checked, redirects not followed,
 * not sooner than a server asks for, and each once, because repeating is the protocol's business.
 * @param signal cuts what is under way
 */
export function bounds(
  signal: AbortSignal,
): Pick<SecretClientOptions, "additionalPolicies" | "redirectOptions" | "retryOptions"> {
  return {
    redirectOptions: { maxRetries: 0 },
    retryOptions: { maxRetries: attempts - 1 },
    additionalPolicies: [{ policy: bounded(signal), position: "perRetry" }],
  };
}

function bounded(signal: AbortSignal): Policy {
  const pause = new ServerPause();
  return {
    name: "genesysSecretBounds",
    async sendRequest(request, next) {
      pause.assertOver();
      const abort = new AbortController();
      const cut = (): void => abort.abort();
      const given = request.abortSignal;
      const timer = setTimeout(cut, wholeMs);
      signal.addEventListener("abort", cut);
      given?.addEventListener("abort", cut);
      if (signal.aborted || given?.aborted) cut();
      let cutOff = false;
      request.abortSignal = abort.signal;
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      request.requestOverrides = { ...request.requestOverrides, rejectUnauthorized: true };
      request.onDownloadProgress = ({ loadedBytes }) => {
        if (loadedBytes <= largestAnswer) return;
        cutOff = true;
        throw new Error("too large");
      };
      try {
        // In place of the SDK's own, which does not check the certificate of an IP address.
        if (request.url.startsWith("https:")) request.agent = await proxyAgent(request.url);
        const response = await next(request);
        pause.note({ status: response.status, headers: response.headers.toJSON() });
        if (isRedirect(response.status)) throw new AzureFault(redirected(response.status));
        return response;
      } catch (error) {
        throw cutOff ? new AzureFault(tooLarge(largestAnswer)) : error;
      } finally {
        request.abortSignal = given;
        clearTimeout(timer);
        signal.removeEventListener("abort", cut);
        given?.removeEventListener("abort", cut);
      }
    },
  };
}
