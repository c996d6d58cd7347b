#!/bin/sh
# The same three calls with curl and jq. The secrets are in the argument lists, as such scripts have them.
set -eu
token=$(curl -sf -u "$GENESYSCLOUD_OAUTHCLIENT_ID:$GENESYSCLOUD_OAUTHCLIENT_SECRET" -d grant_type=client_credentials "$ORIGIN/oauth/token" | jq -r .access_token)
id=$(curl -sf -H "Authorization: Bearer $token" "$ORIGIN/api/v2/oauth/clients" | jq -r --arg name "$1" '.entities[] | select(.name == $name) | .id')
curl -sf -X POST -H "Authorization: Bearer $token" "$ORIGIN/api/v2/oauth/clients/$id/secret" | jq -r '"client_id=\(.id)\nclient_secret=\(.secret)"' > "$2"
