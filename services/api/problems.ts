import type { z } from "zod";
import { DomainError, type DomainErrorCode, type ErrorContext } from "../domain/errors.ts";
import { RetryableError } from "../platform/errors.ts";

type ProblemSpec = { readonly status: number; readonly title: string };

/** RFC 9457. `code` is what programs look at; the values of the occurrence stand beside it as further members. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
  readonly [value: string]: unknown;
};

/** Where in the body something is wrong, as a JSON pointer. */
export type FieldError = { readonly pointer: string; readonly detail: string };

/** What the domain refuses; a code without a row does not compile. */
export const PROBLEMS = {
  malformed: { status: 400, title: "The request is malformed" },
  amount_invalid: { status: 400, title: "The amount is not valid" },
  currency_unknown: { status: 422, title: "The network has no token of this currency" },
  participant_unknown: { status: 422, title: "The participant is not registered" },
  participant_exists: { status: 409, title: "The name or address is registered already" },
  participant_not_active: { status: 422, title: "The participant is not active" },
  status_forbidden: { status: 409, title: "The participant's present status does not allow this" },
  kyc_expired: { status: 422, title: "The participant's due diligence has expired" },
  operator_not_accepted: { status: 422, title: "The merchant does not accept the operator for this" },
  order_unknown: { status: 404, title: "There is no such order" },
  order_exists: { status: 409, title: "An order with these terms exists already" },
  reference_reused: { status: 409, title: "The reference was used for another order" },
  terms_invalid: { status: 422, title: "The order's terms are not acceptable" },
  signature_invalid: { status: 422, title: "The signature is not by the one who must sign" },
  order_expired: { status: 409, title: "The time for this has passed" },
  not_reclaimable: { status: 409, title: "The payer cannot take the money back yet" },
  exceeds_capturable: { status: 409, title: "The amount exceeds what is still held" },
  exceeds_refundable: { status: 409, title: "The amount exceeds what can be refunded" },
  order_disputed: { status: 409, title: "The order is in dispute" },
  splits_invalid: { status: 422, title: "The splits are not those that the payer signed, or not acceptable" },
  delivery_invalid: { status: 422, title: "The delivery is in the future or came too late" },
  extension_invalid: {
    status: 422,
    title: "The new deadline is not later than the present one, or too late",
  },
  insufficient_funds: { status: 409, title: "The account has not enough available" },
  guarantee_exhausted: { status: 409, title: "The guarantee fund cannot pay the shortfall" },
  exceeds_order: { status: 409, title: "The dispute exceeds what the order still has" },
  dispute_window_closed: { status: 409, title: "The time to dispute has passed" },
  dispute_not_open: { status: 409, title: "No such dispute is open" },
  dispute_state_wrong: { status: 409, title: "The dispute is not in the state that this needs" },
  dispute_too_many: { status: 409, title: "The order was disputed too often" },
  dispute_deadline_passed: { status: 409, title: "The time to answer or rule has passed" },
  dispute_deadline_pending: { status: 409, title: "The dispute is not decided yet" },
  offer_missing: { status: 409, title: "The other side has no such offer" },
  evidence_limit: { status: 409, title: "The side has submitted as much as it may" },
  backup_missing: { status: 409, title: "The panel has no backup that was not called" },
  votes_invalid: { status: 422, title: "The votes are not a ruling of the panel" },
  evidence_stale: { status: 409, title: "The votes are on other evidence than the court has" },
  share_invalid: { status: 400, title: "The share is above 10,000 basis points" },
  arbiter_set_invalid: { status: 422, title: "The arbiter set cannot be used" },
  cycle_not_open: { status: 409, title: "The cycle is not open" },
  awards_unpaid: { status: 409, title: "Awards that wait come before this" },
  book_unknown: { status: 422, title: "The operator has no book in this currency" },
  book_limit: { status: 409, title: "The book cannot hold more" },
  token_not_admitted: { status: 422, title: "The token is not admitted to the network" },
  bank_reference_reused: { status: 409, title: "The bank reference was used already" },
  payout_address_unrequested: { status: 409, title: "No new payout address was asked for" },
  payout_address_pending: { status: 409, title: "The new payout address cannot be confirmed yet" },
  account_not_closable: { status: 409, title: "The account cannot be closed yet" },
  seizure_unknown: { status: 404, title: "No such seizure is proposed" },
  seizure_not_due: { status: 409, title: "The seizure cannot be executed yet" },
  transfer_refused: { status: 409, title: "The token refuses the transfer" },
  vault_insolvent: { status: 409, title: "The vault holds less than is owed out of it" },
  paused: { status: 503, title: "This part of the network is stopped for now" },
  forbidden: { status: 403, title: "This may not be done here" },
  key_reused: { status: 422, title: "The idempotency key was used for another request" },
  key_missing: { status: 400, title: "The Idempotency-Key header is missing" },
  not_found: { status: 404, title: "There is no such resource" },
  chain_rejected: { status: 409, title: "The chain refused the operation" },
} as const satisfies Record<DomainErrorCode, ProblemSpec>;

/** What the transport or the state of this process refuses. */
export const TRANSPORT_PROBLEMS = {
  unauthorized: { status: 401, title: "The bearer token is missing or wrong" },
  body_too_large: { status: 413, title: "The body is too large" },
  media_type_unsupported: { status: 415, title: "The body must be JSON in UTF-8" },
  unavailable: { status: 503, title: "This cannot be answered now" },
  internal: { status: 500, title: "Something is wrong on this side" },
} as const satisfies Record<string, ProblemSpec>;
export type TransportCode = keyof typeof TRANSPORT_PROBLEMS;

/** A refusal that has nothing to do with what was asked for. */
export class TransportError extends Error {
  readonly code: TransportCode;

  constructor(code: TransportCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransportError";
    this.code = code;
  }
}

/** A body or query of another shape than it must have; `errors` name the places. */
export class MalformedError extends DomainError {
  readonly errors: readonly FieldError[];

  constructor(message: string, errors: readonly FieldError[]) {
    super("malformed", message);
    this.name = "MalformedError";
    this.errors = errors;
  }
}

/** What a schema refuses: the domain's own refusal of a field where it read that, else `malformed`. */
export function requestError(error: z.ZodError): DomainError {
  for (const issue of error.issues) {
    const refusal = issue.code === "custom" ? issue.params?.error : undefined;
    if (refusal instanceof DomainError && refusal.code !== "malformed") {
      return new DomainError(refusal.code, refusal.message, {
        field: issue.path.join("."),
        ...refusal.context,
      });
    }
  }
  const errors = error.issues.map((issue) => ({
    pointer: issue.path
      .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
      .join(""),
    detail: issue.message,
  }));
  const [first] = errors;
  return new MalformedError(
    `The request is malformed at ${first?.pointer || "/"}: ${first?.detail}.`,
    errors,
  );
}

/** Reads a value by a schema, or throws what `requestError` makes of it. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw requestError(parsed.error);
  return parsed.data;
}

/** The problem that stands for an error. Anything unexpected is `internal`, without its message. */
export function toProblem(error: unknown, instance?: string): Problem {
  if (error instanceof DomainError) {
    const errors = error instanceof MalformedError ? { errors: error.errors } : {};
    return { ...domainProblem(error.code, error.message, error.context), ...errors, ...at(instance) };
  }
  if (error instanceof TransportError)
    return { ...problem(error.code, TRANSPORT_PROBLEMS, error.message), ...at(instance) };
  if (error instanceof RetryableError)
    return { ...problem("unavailable", TRANSPORT_PROBLEMS, error.message), ...at(instance) };
  return { ...problem("internal", TRANSPORT_PROBLEMS, "The error was recorded."), ...at(instance) };
}

/** The problem of a domain code, also of one that an entry failed with. */
export function domainProblem(code: DomainErrorCode, detail: string, context: ErrorContext = {}): Problem {
  // The members of RFC 9457 come last: no value may pass for one of them.
  return { ...context, ...problem(code, PROBLEMS, detail) };
}

/** Whether a stored code is one of the domain's. */
export function isDomainErrorCode(code: string): code is DomainErrorCode {
  return Object.hasOwn(PROBLEMS, code);
}

function problem<Code extends string>(
  code: Code,
  specs: Readonly<Record<Code, ProblemSpec>>,
  detail: string,
): Problem {
  const { status, title } = specs[code];
  const type = `/problems/${code.replaceAll("_", "-")}`;
  return { type, title, status, detail, code, retryable: status === 503 };
}

function at(instance: string | undefined): { instance?: string } {
  return instance === undefined ? {} : { instance };
}
