/** Part of a list. `startingAfter` of the next request is the id of the last of `data`. */
export type Page<T> = { readonly data: readonly T[]; readonly hasMore: boolean };

/** Which part of a list to read; the cursor is what the list is sorted by, of the last row already seen. */
export type PageRequest<Cursor> = { readonly limit: number; readonly startingAfter?: Cursor | undefined };

/** Makes a page of rows that were read with one more than `limit`. */
export function toPage<T>(rows: readonly T[], limit: number): Page<T> {
  return { data: rows.slice(0, limit), hasMore: rows.length > limit };
}
