import { z } from "zod";

/** Objects in one page of a list. */
export const PAGE_LIMIT = { default: 100, most: 1_000 } as const;

/** The members that every list takes: how many objects, and the id of the last one already seen. */
export function listRequest<Shape extends z.core.$ZodShape, Id extends z.ZodType>(filter: Shape, id: Id) {
  return z.strictObject({
    ...filter,
    limit: z
      .string()
      .regex(/^[1-9][0-9]{0,3}$/, { error: "must be a whole number" })
      .transform((value) => Number.parseInt(value, 10))
      .refine((value) => value <= PAGE_LIMIT.most, { error: `must be at most ${PAGE_LIMIT.most}` })
      .default(PAGE_LIMIT.default),
    startingAfter: id.optional(),
  });
}
