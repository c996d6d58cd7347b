import { StoreFault } from "../../../../scripts/core/errors";
import { AwsFault, awsFault, RefusedExchange } from "../../../../scripts/stores/aws/fault";

const ACTION = "ssm:PutParameter";

/** An error as the SDK throws it, with all that must not be printed. */
function sdkError(name: string, more: object = {}): Error {
  const error = new Error("User arn:aws:iam::1:user/x sent hunter2");
  return Object.assign(error, { name, $response: { body: "hunter2" }, $metadata: {}, ...more });
}

test.each([
  ["AccessDeniedException", {}, "the credentials may not ssm:PutParameter (AccessDeniedException)", "denied"],
  [
    "UnrecognizedClientException",
    {},
    "AWS refuses the credentials (UnrecognizedClientException)",
    "credentials",
  ],
  ["ExpiredTokenException", {}, "AWS refuses the credentials (ExpiredTokenException)", "credentials"],
  [
    "CredentialsProviderError",
    {},
    "there are no usable AWS credentials (CredentialsProviderError)",
    "credentials",
  ],
  ["DecryptionFailure", {}, "its KMS key cannot be used for ssm:PutParameter (DecryptionFailure)", "kms"],
  [
    "ThrottlingException",
    { $metadata: { httpStatusCode: 400 } },
    "ssm:PutParameter failed (ThrottlingException, 400)",
    "other",
  ],
  ["TimeoutError", { code: "ETIMEDOUT" }, "it did not answer in time", "other"],
  ["Error", { code: "ECONNRESET" }, "it cannot be reached (ECONNRESET)", "other"],
  [
    "Error",
    { code: "SELF_SIGNED_CERT_IN_CHAIN" },
    "its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)",
    "other",
  ],
  [
    "SyntaxError",
    { $metadata: { httpStatusCode: 200 } },
    "its answer to ssm:PutParameter is not JSON",
    "other",
  ],
  ["SyntaxError", { $metadata: { httpStatusCode: 502 } }, "ssm:PutParameter failed (502)", "other"],
  ["TypeError", {}, "ssm:PutParameter failed for an unforeseen reason", "other"],
  ["AbortError", {}, "it was interrupted", "other"],
  ["evil\n::set-output name=x", {}, "ssm:PutParameter failed for an unforeseen reason", "other"],
])("an error %s of the SDK with %j gets a reason", (name, more, message, kind) => {
  const fault = awsFault(sdkError(name, more), ACTION);
  expect(fault).toMatchObject({ message, kind, action: ACTION });
  expect(JSON.stringify(Object.entries(fault)) + fault.stack).not.toContain("hunter2");
  expect(fault.cause).toBeUndefined();
});

test.each([undefined, null, "hunter2", {}])("a reason is given even of %j", (thrown) => {
  expect(awsFault(thrown, ACTION).message).toBe("ssm:PutParameter failed for an unforeseen reason");
});

test("a reason of our own stays, though the SDK adds to its message", () => {
  const refused = new RefusedExchange("its answer is larger than 1 MB");
  refused.message += "\n  Deserialization error";
  expect(awsFault(refused, ACTION).message).toBe("its answer is larger than 1 MB");
});

test("a fault that is one already stays", () => {
  const fault = new StoreFault("known");
  expect(awsFault(fault, ACTION)).toBe(fault);
  expect(fault).not.toBeInstanceOf(AwsFault);
});
