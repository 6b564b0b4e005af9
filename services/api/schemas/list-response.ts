import type { Page } from "../../store/page.ts";

/** A page of objects; the id of the last one is `startingAfter` of the next request. */
export type ListResponse<T> = {
  readonly object: "list";
  readonly data: readonly T[];
  readonly hasMore: boolean;
};

export function listResponse<Row, T>(page: Page<Row>, toResponse: (row: Row) => T): ListResponse<T> {
  return { object: "list", data: page.data.map((row) => toResponse(row)), hasMore: page.hasMore };
}
