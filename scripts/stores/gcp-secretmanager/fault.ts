import { StoreFault } from "../../core/errors";

/** There is no token to be had. */
export class GoogleCredentialsFault extends StoreFault {}

/** An answer of Secret Manager that is not a success. */
export class SecretManagerFault extends StoreFault {
  readonly status: number;

  /** @param word Google's own for it, such as "PERMISSION_DENIED" */
  constructor(status: number, word: string | undefined) {
    super(`it answered ${status}${word ? `, ${word}` : ""}`);
    this.status = status;
  }
}

/** What a version holds cannot be read: it is disabled. */
export class DisabledVersionFault extends StoreFault {
  /** @param version its number; undefined when Google does not say it */
  constructor(readonly version: number | undefined) {
    super("its latest version is disabled");
  }
}
