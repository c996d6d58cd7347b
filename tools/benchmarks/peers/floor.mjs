// The floor: the requests that `genesys-secret regenerate --client-id` makes, with Node's own http and nothing around
// them. Nothing is checked, retried, locked or read back.
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";

const { ORIGIN, GENESYSCLOUD_OAUTHCLIENT_ID: admin, GENESYSCLOUD_OAUTHCLIENT_SECRET: secret } = process.env;
const [id, file] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

function call(method, path, authorization, body) {
  return new Promise((resolve, reject) => {
    const headers = { authorization, ...(body && { "content-type": "application/x-www-form-urlencoded" }) };
    const sent = request(new URL(path, ORIGIN), { method, headers, agent }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve(text && JSON.parse(text)));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const basic = (who, its) => `Basic ${Buffer.from(`${who}:${its}`).toString("base64")}`;
const signIn = async (who, its) =>
  `Bearer ${(await call("POST", "/oauth/token", basic(who, its), "grant_type=client_credentials")).access_token}`;

const token = await signIn(admin, secret);
await call("GET", `/api/v2/oauth/clients/${id}`, token);
await call("GET", "/api/v2/integrations/credentials?pageSize=100", token);
const made = await call("POST", `/api/v2/oauth/clients/${id}/secret`, token);
writeFileSync(file, JSON.stringify({ client_id: made.id, client_secret: made.secret }));
await call("DELETE", "/api/v2/tokens/me", await signIn(made.id, made.secret));
await call("DELETE", "/api/v2/tokens/me", token);
agent.destroy();
