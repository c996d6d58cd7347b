import { FIELD_RULE, type SchemeGrammar } from "../grammar";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables that the runner keeps from a job, whatever the job writes. */
const RUNNERS_OWN = /^(GITHUB|RUNNER)_|^NODE_OPTIONS$/i;

/** `github-env:`, a variable for the steps that follow in the same job. */
export const GITHUB_ENV = {
  form: "github-env:NAME",
  summary: "a masked variable for the steps that follow in a job of GitHub Actions",
  options: {
    to: '"env" writes GITHUB_ENV, "output" writes GITHUB_OUTPUT as an output of the step; default env',
    field: FIELD_RULE,
  },
  refusedUnderTerraform:
    "Terraform prefixes each line a local-exec prints, and GitHub's runner would not take such a line as a mask",
  parse: (name) => {
    if (!VARIABLE.test(name))
      return { reason: "the name must be letters, digits and underscores, and not start with a digit" };
    if (RUNNERS_OWN.test(name)) return { reason: `${name} belongs to GitHub's runner` };
    return { canonical: name, target: name };
  },
} as const satisfies SchemeGrammar;
