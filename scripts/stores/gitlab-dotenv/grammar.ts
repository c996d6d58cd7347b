import { KEY } from "../gitlab/grammar";
import { FIELD_OPTION, type SchemeRow } from "../grammar";

/**
 * What GitLab takes from a dotenv line as it stands: one line, no blanks, and no dollar sign, which it would expand.
 * It knows no quotes: they would become part of the value.
 */
export const VERBATIM = /^[\x21-\x23\x25-\x7e]*$/;

/** `gitlab-dotenv:`, a variable for the jobs that follow in the same pipeline. */
export const GITLAB_DOTENV: SchemeRow = {
  form: "gitlab-dotenv:NAME",
  summary: "a variable in a dotenv report for the jobs that follow in a GitLab pipeline; not masked",
  example: "SECRET",
  options: {
    file: {
      help: "the dotenv file, within the project's folder, that the job names in artifacts:reports:dotenv; default build.env",
      identity: true,
    },
    field: FIELD_OPTION,
  },
  holds: "a bare value",
  readable: false,
  values: { pattern: VERBATIM, rule: 'ASCII without blanks and "$"' },
  credentials: [],
  notRehearsed:
    'whether the new secret has a "$" in it, and GitLab\'s limits on the report, which it checks after the job',
  parse: (name) =>
    KEY.test(name)
      ? { canonical: name, target: name }
      : { reason: "the name must be 1 to 255 letters, digits and underscores" },
};
