import { BARE_FIELD_OPTION, type SchemeRow } from "../grammar";

/** An id, also with the domain of an organization's own namespace, or a number. */
const PROJECT = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$|^\d{1,20}$/;
/** Becomes a part of a host's name. */
const LOCATION = /^[a-z]{1,20}(-[a-z]{1,20}){1,3}\d{1,2}$/;
const SECRET = /^[A-Za-z0-9_-]{1,255}$/;

/** `gcp-secretmanager:projects/P/secrets/S`: the target is the project, the secret and, of a regional one, its region. */
export const GCP_SECRETMANAGER: SchemeRow = {
  form: "gcp-secretmanager:projects/PROJECT/secrets/SECRET",
  summary:
    "a secret of Google Cloud Secret Manager, as a JSON document; a regional one is projects/PROJECT/locations/LOCATION/secrets/SECRET",
  example: "projects/acme-prod/secrets/orders",
  options: {
    create: { help: '"true" creates the secret where it does not exist' },
    locations: {
      help: "where a created secret is kept, regions separated by commas; default: Google decides",
    },
    disable_previous: { help: '"true" disables the version that was current before' },
    field: BARE_FIELD_OPTION,
  },
  holds: "the document",
  readable: true,
  bareWith: "field",
  credentials: ["GOOGLE_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN"],
  credentialFiles: ["GOOGLE_APPLICATION_CREDENTIALS"],
  policy: ["secretmanager.versions.add", "secretmanager.versions.access"],
  notRehearsed:
    "the write itself, and so whether the key of the secret can encrypt: that would cost a version",
  parse: (body) => {
    const [, project = "", location, secret = ""] =
      /^projects\/([^/]+)(?:\/locations\/([^/]+))?\/secrets\/([^/]+)$/.exec(body) ?? [];
    if (project === "" || secret === "") return { reason: "it must name a project and a secret" };
    if (!PROJECT.test(project)) return { reason: "the project is neither an id nor a number of one" };
    if (location !== undefined && !LOCATION.test(location))
      return { reason: "the location must be a region such as europe-west1" };
    if (!SECRET.test(secret))
      return { reason: "the secret's name must be 1 to 255 letters, digits, hyphens and underscores" };
    const place = location === undefined ? [] : [location];
    return { canonical: body, target: [project, secret, ...place] };
  },
};
