// The same three calls with the official JavaScript SDK.
import { writeFileSync } from "node:fs";
import platformClient from "purecloud-platform-client-v2";

const [name, path] = process.argv.slice(2);
const { hostname, port } = new URL(process.env.ORIGIN);
const api = platformClient.ApiClient.instance;
api.setGateway({ host: hostname, protocol: "http", port: Number(port) });
await api.loginClientCredentialsGrant(
  process.env.GENESYSCLOUD_OAUTHCLIENT_ID,
  process.env.GENESYSCLOUD_OAUTHCLIENT_SECRET,
);
const oauth = new platformClient.OAuthApi();
const { entities } = await oauth.getOauthClients();
const client = entities.find((candidate) => candidate.name === name);
const answer = await oauth.postOauthClientSecret(client.id);
writeFileSync(path, `client_id=${answer.id}\nclient_secret=${answer.secret}\n`);
