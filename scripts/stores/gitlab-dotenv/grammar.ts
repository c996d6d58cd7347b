import { KEY } from "../gitlab/grammar";
import { FIELD_RULE, type SchemeGrammar } from "../grammar";

/** `gitlab-dotenv:`, a variable for the jobs that follow in the same pipeline. */
export const GITLAB_DOTENV = {
  form: "gitlab-dotenv:NAME",
  summary: "a variable in a dotenv report for the jobs that follow in a GitLab pipeline; not masked",
  options: {
    file: "the dotenv file, within the project's folder, that the job names in artifacts:reports:dotenv; default build.env",
    field: FIELD_RULE,
  },
  parse: (name) =>
    KEY.test(name)
      ? { canonical: name, target: name }
      : { reason: "the name must be 1 to 255 letters, digits and underscores" },
} as const satisfies SchemeGrammar;
