import { type Environment, variable } from "../core/environment";
import { MockedResourceError } from "../core/errors";
import { UUID } from "../core/patterns";
import { printable, quote } from "../core/printable";

/**
 * The null provider gives 63 random bits in decimal, the engine's own terraform_data a UUID. A mock is 8 letters and
 * digits in Terraform, 4 to 15 in OpenTofu. A number of fewer digits than this comes from chance in one of 10 million.
 */
const PROVIDERS_OWN = /^\d{12,19}$/;

/**
 * `terraform test` runs the provisioners of mocked resources, and some of what they get may be real. A resource is
 * real as far as its own id, and the client's, could be.
 * @throws {MockedResourceError} before anything is sent or touched
 */
export function assertNotMocked(clientIds: readonly string[], environment: Environment): void {
  const id = variable(environment, "SECRET_RUNNER_ID");
  if (id !== undefined && !PROVIDERS_OWN.test(id) && !UUID.test(id))
    throw new MockedResourceError(`its own id is ${quote(id)}, which no provider gives`);
  const made = clientIds.find((clientId) => !UUID.test(clientId));
  if (made !== undefined)
    throw new MockedResourceError(`the client's id is "${printable(made)}", which is no UUID`);
}
