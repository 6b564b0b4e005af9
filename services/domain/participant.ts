import { DomainError } from "./errors.ts";
import type { ParticipantKind } from "./operation.ts";
import type { Hex } from "./order-terms.ts";

/** Somebody the network knows under a name that is unique per kind. */
export type Participant = {
  readonly kind: ParticipantKind;
  readonly name: string;
  readonly address: Hex;
};

/** What a merchant may let an operator do, as bits of `scopes`: take orders, charge at once, refund and answer disputes. */
export const OPERATOR_SCOPES = { accept: 1, charge: 2, mandate: 4 } as const;

/** Every scope that a merchant can give. */
export const ALL_SCOPES = OPERATOR_SCOPES.accept | OPERATOR_SCOPES.charge | OPERATOR_SCOPES.mandate;

/** Names and order references have 1 to this many characters. */
export const NAME_LIMIT = 64;

/**
 * Reads a participant's name or a merchant's order reference: 1 to 64 characters.
 *
 * Characters are Unicode code points. U+0000 and unpaired surrogates are refused, as no database stores them as text,
 * and U+FFFD, which stands where a decoder met something else than UTF-8.
 * Throws `malformed` with the field's name.
 */
export function parseName(value: unknown, field: string): string {
  if (typeof value !== "string") throw nameError(field, "is not a string");

  const length = [...value].length;
  if (length === 0) throw nameError(field, "is empty");
  if (length > NAME_LIMIT) throw nameError(field, `has more than ${NAME_LIMIT} characters`);
  const isText = value.isWellFormed() && !value.includes("\u0000") && !value.includes("\uFFFD");
  if (!isText) throw nameError(field, "is not valid text");
  return value;
}

function nameError(field: string, reason: string): DomainError {
  return new DomainError("malformed", `The ${field} ${reason}.`, { field, reason });
}
