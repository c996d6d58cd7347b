// GitHub's own client, which is ESM only: run as a child process, it uses the test server as anybody would use GitHub.
import { request } from "@octokit/request";
import sodium from "libsodium-wrappers";

const [baseUrl, token, owner, repo, org] = process.argv.slice(2);
const github = request.defaults({ baseUrl, headers: { authorization: `token ${token}` } });
await sodium.ready;

async function putSecret(path, parameters, secret_name, value, extra = {}) {
  const { data: key } = await github(`GET ${path}/public-key`, parameters);
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(key.key, sodium.base64_variants.ORIGINAL));
  const encrypted_value = sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL);
  const body = { ...parameters, secret_name, encrypted_value, key_id: key.key_id, ...extra };
  const first = await github(`PUT ${path}/{secret_name}`, body);
  const second = await github(`PUT ${path}/{secret_name}`, body);
  const { data } = await github(`GET ${path}/{secret_name}`, { ...parameters, secret_name });
  return { created: first.status, updated: second.status, name: data.name, visibility: data.visibility };
}

async function statusOf(work) {
  try {
    return (await work()).status;
  } catch (error) {
    return `${error.status} ${error.response?.data?.message}`;
  }
}

const repository = (await github("GET /repos/{owner}/{repo}", { owner, repo })).data;
const environment = { owner, repo, environment_name: "live/eu" };
const put = (name, body) =>
  statusOf(() =>
    github("PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}", {
      owner,
      repo,
      secret_name: name,
      ...body,
    }),
  );
const result = {
  repository: await putSecret("/repos/{owner}/{repo}/actions/secrets", { owner, repo }, "judged", "one"),
  environment: await putSecret(
    "/repos/{owner}/{repo}/environments/{environment_name}/secrets",
    environment,
    "JUDGED",
    "two",
  ),
  organization: await putSecret("/orgs/{org}/actions/secrets", { org }, "JUDGED", "three", {
    visibility: "selected",
    selected_repository_ids: [repository.id],
  }),
  selected: (
    await github("GET /orgs/{org}/actions/secrets/{secret_name}/repositories", { org, secret_name: "JUDGED" })
  ).data,
  unsealed: await put("UNSEALED", { encrypted_value: "bm90IHNlYWxlZA==", key_id: "1" }),
  reserved: await put("GITHUB_X", {}),
  missing: await statusOf(() => github("GET /repos/{owner}/{repo}", { owner, repo: "none" })),
  unknown: await statusOf(() =>
    github("GET /repos/{owner}/{repo}", { owner, repo, headers: { authorization: "token wrong" } }),
  ),
};
process.stdout.write(JSON.stringify(result));
