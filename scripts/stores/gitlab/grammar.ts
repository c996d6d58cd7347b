import { decode, FIELD_OPTION, type SchemeRow } from "../grammar";

const PATH = /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/;
const DOTS = /(^|\/)\.{1,2}(\/|$)/;
/** The name of a CI/CD variable. */
export const KEY = /^[A-Za-z0-9_]{1,255}$/;

/** `gitlab:`, a CI/CD variable of a project or a group. */
export const GITLAB: SchemeRow = {
  form: "gitlab:GROUP%2FPROJECT/KEY",
  summary: "a CI/CD variable of a GitLab project or group; a new one is masked and protected",
  example: "acme%2Forders/SECRET",
  options: {
    group: { help: '"true": what stands before KEY is a group, not a project', identity: true },
    environment_scope: {
      help: "the environments that get the variable, such as production or review/*; default *",
      identity: true,
    },
    protected: {
      help: '"false" gives it to jobs of unprotected branches and tags, too; default true, or as the variable is',
      identity: true,
    },
    raw: {
      help: '"false" makes GitLab expand a $NAME within the value; default true, or as the variable is',
      identity: true,
    },
    field: FIELD_OPTION,
  },
  holds: "a bare value",
  readable: false,
  credentials: ["GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"],
  policy: ["scope api", "role Maintainer of the project or Owner of the group"],
  notRehearsed:
    "where the variable is hidden, a write of its value, which nobody can read; where it is not raw, whether the new secret has a character that GitLab cannot mask",
  parse: (body) => {
    const [encoded, key, ...rest] = body.split("/");
    if (!encoded || !key || rest.length > 0)
      return { reason: "it needs a project and a key, the slashes of the project's path written %2F" };
    const path = decode(encoded);
    if (path === undefined) return { reason: "its percent-encoding is broken" };
    if (!PATH.test(path) || DOTS.test(path))
      return { reason: "what stands before the key is no path or id of a project or group" };
    if (!KEY.test(key)) return { reason: "the key must be 1 to 255 letters, digits and underscores" };
    return { canonical: `${encodeURIComponent(path)}/${key}`, target: [path, key] };
  },
};
