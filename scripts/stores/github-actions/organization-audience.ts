import { StoreFault } from "../../core/errors";
import { describeAnswer, type GithubAnswer, type GithubApi, type Patience } from "./api";
import type { SecretPlace } from "./secret-place";

const PER_PAGE = 100;
/** More repositories than any organization shares one secret with. */
const MOST_PAGES = 100;

/** Which repositories see an organization's secret, as the call that writes it wants to be told each time. */
export interface Audience {
  readonly visibility: "all" | "private" | "selected";
  readonly selected_repository_ids?: readonly number[];
}

/** A call to GitHub's API whose refusal is thrown by its caller's own rules. */
export type Expecting = (answer: GithubAnswer, ...statuses: number[]) => GithubAnswer;

/**
 * The audience to write the secret with: an existing secret keeps its own, and a selection gains this repository;
 * a new secret is for this repository alone.
 * @param expect throws unless the answer has one of the statuses
 * @throws {StoreFault} when an answer cannot be used
 */
export async function findAudience(
  api: GithubApi,
  place: SecretPlace,
  patience: Patience,
  expect: Expecting,
): Promise<Audience> {
  const { owner, repository: repo, parameters, name: secret_name } = place;
  const found = expect(await api.call("GET /repos/{owner}/{repo}", { owner, repo }, patience), 200);
  const repository = idOf(found.data);
  const path = `${place.path}/{secret_name}`;
  const existing = expect(await api.call(`GET ${path}`, { ...parameters, secret_name }, patience), 200, 404);
  if (existing.status === 404) return { visibility: "selected", selected_repository_ids: [repository] };
  const { visibility } = existing.data as { visibility?: unknown };
  if (visibility === "all" || visibility === "private") return { visibility };
  if (visibility !== "selected") throw new StoreFault("GitHub's answer about the secret cannot be used");

  const ids = new Set<number>();
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = { ...parameters, secret_name, per_page: PER_PAGE, page };
    const { data } = expect(await api.call(`GET ${path}/repositories`, query, patience), 200);
    const { repositories } = data as { repositories?: unknown };
    if (!Array.isArray(repositories))
      throw new StoreFault(describeAnswer({ status: 200, headers: {}, data }));
    for (const one of repositories) ids.add(idOf(one));
    if (repositories.length < PER_PAGE) break;
  }
  return { visibility, selected_repository_ids: [...ids.add(repository)] };
}

function idOf(repository: unknown): number {
  const { id } = (repository ?? {}) as { id?: unknown };
  if (Number.isSafeInteger(id)) return id as number;
  throw new StoreFault("GitHub's answer about the repository cannot be used");
}
