import type { ApiClient } from "./api-client";

interface Page<Entity> {
  readonly entities: readonly Entity[];
  readonly pageCount: number;
}

const PAGE_SIZE = 100;

/** Every entity of a list that is asked for page by page. */
export async function allPages<Entity>(
  client: ApiClient,
  path: string,
  filter: Readonly<Record<string, string>> = {},
): Promise<Partial<Entity>[]> {
  const found: Partial<Entity>[] = [];
  for (let pageNumber = 1, pageCount = 1; pageNumber <= pageCount; pageNumber++) {
    const query = new URLSearchParams({
      pageSize: String(PAGE_SIZE),
      pageNumber: String(pageNumber),
      ...filter,
    });
    const page = await client.call<Page<Partial<Entity>>>("GET", `${path}?${query}`);
    found.push(...(page.entities ?? []));
    pageCount = page.pageCount ?? 1;
  }
  return found;
}
