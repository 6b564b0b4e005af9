import { createHash } from "node:crypto";
import { DomainError } from "../domain/errors.ts";
import type { OperationKind } from "../domain/operation.ts";
import { isOperationKey } from "../store/outbox-store.ts";
import type { OperationRequest } from "./schemas/operation-request.ts";

/**
 * Not part of what is asked: the key itself, the company it comes in, and proofs, which whoever repeats a request may
 * have made anew. Terms repeat the parties and the amount; their moments do not make it another order.
 */
const LEFT_OUT: readonly string[] = [
  "key",
  "group",
  "terms",
  "issuedAt",
  "evidence",
  "signature",
  "signatures",
  "payerSignature",
  "merchantSignature",
  "deadline",
  "deliveredAt",
  "location",
  "permit",
];

/** What is no proof in some kinds: which order is canceled, until when an offer holds. */
const ASKED: Readonly<Partial<Record<OperationKind, string>>> = { cancel: "terms", offer: "deadline" };

/** Tells whether two requests under one key ask for the same. */
export function bodyHashOf(request: OperationRequest): string {
  const isAsked = (member: string) => !LEFT_OUT.includes(member) || ASKED[request.kind] === member;
  const asked = Object.entries(request).filter(([member]) => isAsked(member));
  return createHash("sha256")
    .update(canonicalText(Object.fromEntries(asked)))
    .digest("hex");
}

/** The key in a request's `Idempotency-Key` header. */
export function idempotencyKey(header: string | undefined): string {
  if (header === undefined || !isOperationKey(header)) {
    throw new DomainError("key_missing", "The Idempotency-Key header must have 1 to 512 characters.");
  }
  return header;
}

/** JSON with sorted members and amounts as strings, so that equal values are equal text. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === "bigint") return member.toString();
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
