/** Where the provider comes from, as `required_providers` names it. */
export const PROVIDER_SOURCE = "mypurecloud/genesyscloud";

/** Key of the provider in a schema of `terraform providers schema -json`. */
export const PROVIDER_NAME = `registry.terraform.io/${PROVIDER_SOURCE}` as const;
