// What the help of each command says after its flags.

export const EXIT_CODES = `
Exit codes of regenerate:
  0    done, or nothing to do; with a warning
       where this machine may not log in       not changed or changed, as said
  2    bad arguments or configuration          not changed
  3    the admin's credentials were refused    not changed
  4    a permission is missing                 not changed
  5    client not found, ambiguous, or not one
       that can be rotated                     not changed
  6    a store is not ready, or is locked, or
       holds another client's secret           not changed
  7    Genesys Cloud unavailable, or its rate
       limited, for too long                   not changed
  8    a store does not hold a valid secret:
       run again                               changed or perhaps changed
  9    stored, but it does not log in, or that
       cannot be seen from here; or the stored
       one may be valid, and was kept          changed; or not, as said
  130, 143  interrupted                        not changed, or changed and
                                               stored
  1    a defect of this program                as said

Example:
  genesys-secret regenerate --client-name orders --store file:./orders.json`;

export const ADOPT_EXAMPLES = `
Examples:
  pass show orders | genesys-secret adopt --client-id "$ID" --store vault:kv/o
  genesys-secret adopt --client-id "$ID" --store file:./orders.json
                       asks for the secret on the terminal, and does not show it

The secret is stored once a login has taken it (with --verify elsewhere, without
one), and is not changed; the first rotation that a stack asks for then counts
as done. No admin is needed.
Exit codes: those of regenerate: 2 bad arguments, or no secret; 5 the login
service refuses client and secret; 6 a store is not ready, holds a secret that
may be valid, or a copy failed; 7 whether it is valid is unknown; 130 Ctrl-C.
Nothing is stored with 2, 5, 7 and 130.`;

export const VERIFY_EXAMPLE = `
Example:
  genesys-secret verify --store vault:secret/genesys/orders`;

export const RUN_EXAMPLE = `
Example:
  genesys-secret run --store file:./orders.json -- node app.js

Ends with the command's own exit code, with 128 and the signal's number when a
signal ended it, and with 125 when it was not started.`;

export const DOCTOR_EXAMPLES = `
Examples:
  genesys-secret doctor --store file:./orders.json --store vault:secret/orders
  genesys-secret doctor --heal --store file:./a.json --store file:./b.json
  genesys-secret doctor --heal --rotate --client-name orders --store file:./a`;

export const REMOVE_EXAMPLE = `
Example:
  genesys-secret remove --client-id "$ID" --store file:./orders.json

A secret that may be valid stays, unless you say --yes, or agree on a terminal;
under Terraform, which destroys the client next, it goes.
Exit codes: 0 removed, or nothing there; 2 bad arguments; 6 a secret may be
valid, or a store failed.`;

export const AUDIT_EXAMPLES = `
Examples:
  genesys-secret audit --git --check-live --region eu-central-1 .
  terraform state pull | genesys-secret audit -
  genesys-secret audit --store vault:secret/orders logs/

A report never shows a secret: it stands as a random name, the same wherever
that secret is, in this report only.

Exit codes: 0 nothing found, or nothing but what is invalid; 2 bad arguments;
10 findings, also a file that cannot be read; with --kill, those of regenerate
when a kill failed.`;

export const SANDBOX_EXAMPLES = `
Examples:
  genesys-secret sandbox -- bash   a shell that finds the org, and Terraform its
                                   providers
  genesys-secret sandbox           prints what to export in another terminal`;

export const ROTATE_EXAMPLES = `
Examples:
  genesys-secret rotate --manifest fleet.json --due
  genesys-secret rotate --manifest fleet.json --only orders --only billing
  genesys-secret rotate --manifest fleet.json --shard 2/5 --json

A synth writes cdktf.out/stacks/STACK/genesys-secret.manifest.json. A run that
was interrupted is taken up where it was. Exit codes: 0 nothing is left to do;
2 bad arguments; 3, 4, 7 as with regenerate, no client begun; 6 another run
rotates this fleet; 8 a client failed, or was left for a store that takes no
secret, the others are done; 130, 143 interrupted.`;
