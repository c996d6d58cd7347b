export { encodings } from "../../sandbox/sweep/encodings";
export { findSecrets as findLeaks } from "../../sandbox/sweep/find-secrets";
