/** Reads the answers of the kubeconfig's auth-providers "gcp" and "azure", which this program refuses. */
export function JSONPath(): never {
  throw new Error("the auth-provider is refused");
}
