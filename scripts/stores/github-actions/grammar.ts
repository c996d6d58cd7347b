import { FIELD_OPTION, type SchemeRow } from "../grammar";

const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const REPOSITORY = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const SECRET_NAME = /^[A-Z_][A-Z0-9_]*$/;

/** `github-actions:`, a secret of GitHub Actions. */
export const GITHUB_ACTIONS: SchemeRow = {
  form: "github-actions:OWNER/REPO/NAME",
  summary: "a secret of GitHub Actions: the repository's, an environment's or the organization's",
  example: "acme/orders/SECRET",
  options: {
    environment: {
      help: "the environment of the repository whose secret it is; default: the repository's own secret",
      identity: true,
    },
    organization: {
      help: "the organization whose secret it is, which must be OWNER; a new one is visible to REPO only, an existing one keeps its visibility and gains REPO",
      identity: true,
    },
    field: FIELD_OPTION,
  },
  holds: "a bare value",
  readable: false,
  credentials: ["GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"],
  policy: [
    "Secrets: read and write",
    "with ?environment= in its place Environments: read and write",
    "with ?organization= the organization's Secrets: read and write, and Metadata: read",
  ],
  notRehearsed:
    "where the secret is there already, the write itself: it cannot be read, so it could not be written back",
  parse: (body) => {
    const [owner, repository, given, ...rest] = body.split("/");
    if (!owner || !repository || !given || rest.length > 0)
      return { reason: "it needs an owner, a repository and a name" };
    if (!OWNER.test(owner)) return { reason: "the owner is no name of a user or an organization" };
    if (!REPOSITORY.test(repository)) return { reason: "the repository is no name of one" };
    // GitHub compares the names of secrets without regard to case, and shows them in capitals.
    const name = given.toUpperCase();
    if (!SECRET_NAME.test(name))
      return { reason: "the name must be letters, digits and underscores, and not start with a digit" };
    if (name.startsWith("GITHUB_"))
      return { reason: "GitHub keeps names that start with GITHUB_ for itself" };
    return { canonical: `${owner}/${repository}/${name}`, target: [owner, repository, name] };
  },
};
