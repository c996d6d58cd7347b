import { VARIABLE_NAME } from "../../core/patterns";
import { FIELD_OPTION, type SchemeRow } from "../grammar";

/** Variables that the runner keeps from a job, whatever the job writes. */
const RUNNERS_OWN = /^(GITHUB|RUNNER)_|^NODE_OPTIONS$/i;

/** `github-env:`, a variable for the steps that follow in the same job. */
export const GITHUB_ENV: SchemeRow = {
  form: "github-env:NAME",
  summary: "a masked variable for the steps that follow in a job of GitHub Actions",
  example: "SECRET",
  options: {
    to: {
      help: '"env" writes GITHUB_ENV, "output" writes GITHUB_OUTPUT as an output of the step; default env',
      identity: true,
    },
    field: FIELD_OPTION,
  },
  refusedUnderTerraform:
    "Terraform prefixes each line a local-exec prints, and GitHub's runner would not take such a line as a mask",
  holds: "a bare value",
  readable: false,
  printing: true,
  credentials: [],
  notRehearsed: "whether the runner takes the mask that is printed",
  parse: (name) => {
    if (!VARIABLE_NAME.test(name))
      return { reason: "the name must be letters, digits and underscores, and not start with a digit" };
    if (RUNNERS_OWN.test(name)) return { reason: `${name} belongs to GitHub's runner` };
    return { canonical: name, target: name };
  },
};
