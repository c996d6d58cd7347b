import { badRequest } from "./api-error";

/** One page of a listing, as every Genesys Cloud listing has it. */
export interface Page<T> {
  readonly entities: readonly T[];
  readonly pageSize: number;
  /** Counted from 1. */
  readonly pageNumber: number;
  /** Entities on all pages. */
  readonly total: number;
  readonly pageCount: number;
  readonly selfUri: string;
  readonly firstUri: string;
  readonly lastUri: string;
  /** Path and query of the next page. @default - this is the last page */
  readonly nextUri?: string;
  /** Path and query of the page before. @default - this is the first page */
  readonly previousUri?: string;
}

/**
 * Cuts one page out of a listing.
 *
 * @param query pageNumber (default 1), pageSize, and filters, which the links carry on
 * @param maxSize entities on a page when the query asks for none, or for more
 * @throws ApiError 400 when pageNumber or pageSize is not a positive whole number
 */
export function pageOf<T>(all: readonly T[], path: string, query: URLSearchParams, maxSize: number): Page<T> {
  const pageSize = Math.min(positive(query, "pageSize") ?? maxSize, maxSize);
  const pageNumber = positive(query, "pageNumber") ?? 1;
  const pageCount = Math.ceil(all.length / pageSize);
  const uri = (page: number): string => {
    const linked = new URLSearchParams(query);
    linked.set("pageSize", String(pageSize));
    linked.set("pageNumber", String(page));
    return `${path}?${linked}`;
  };
  return {
    entities: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: all.length,
    pageCount,
    selfUri: uri(pageNumber),
    firstUri: uri(1),
    lastUri: uri(Math.max(1, pageCount)),
    ...(pageNumber < pageCount && { nextUri: uri(pageNumber + 1) }),
    ...(pageNumber > 1 && { previousUri: uri(pageNumber - 1) }),
  };
}

function positive(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw badRequest(`${name} must be a positive whole number`);
  return Number(text);
}
