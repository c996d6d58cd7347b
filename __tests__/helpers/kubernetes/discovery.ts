const AUTHORIZATION = "authorization.k8s.io";

/** What kubectl asks before it asks anything else. @returns undefined for a path that is not part of it */
export function discovery(path: string): unknown {
  return DOCUMENTS[path];
}

const groupVersion = { groupVersion: `${AUTHORIZATION}/v1`, version: "v1" };

const DOCUMENTS: Readonly<Record<string, unknown>> = {
  "/version": { major: "1", minor: "32", gitVersion: "v1.32.0" },
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: [{ name: AUTHORIZATION, versions: [groupVersion], preferredVersion: groupVersion }],
  },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [
      {
        name: "secrets",
        singularName: "secret",
        namespaced: true,
        kind: "Secret",
        verbs: ["create", "delete", "get", "patch", "update"],
      },
    ],
  },
  [`/apis/${AUTHORIZATION}/v1`]: {
    kind: "APIResourceList",
    groupVersion: `${AUTHORIZATION}/v1`,
    resources: [
      {
        name: "selfsubjectaccessreviews",
        singularName: "selfsubjectaccessreview",
        namespaced: false,
        kind: "SelfSubjectAccessReview",
        verbs: ["create"],
      },
    ],
  },
};
