// Imported first, for its effect: on loading, @cdktf/commons asks `terraform` for its version, and where there is
// none it reports that to HashiCorp. Generating bindings is to work without an engine and without a network.
process.env.CHECKPOINT_DISABLE = "1";
