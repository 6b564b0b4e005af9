/** Every way in which a command can be refused; api/problems.ts has a row for each. */
export const DOMAIN_ERROR_CODES = [
  "malformed",
  "amount_invalid",
  "currency_unknown",
  "participant_unknown",
  "participant_exists",
  "participant_not_active",
  "status_forbidden",
  "kyc_expired",
  "operator_not_accepted",
  "order_unknown",
  "order_exists",
  "reference_reused",
  "terms_invalid",
  "signature_invalid",
  "order_expired",
  "not_reclaimable",
  "exceeds_capturable",
  "exceeds_refundable",
  "order_disputed",
  "splits_invalid",
  "delivery_invalid",
  "extension_invalid",
  "insufficient_funds",
  "guarantee_exhausted",
  "exceeds_order",
  "dispute_window_closed",
  "dispute_not_open",
  "dispute_state_wrong",
  "dispute_too_many",
  "dispute_deadline_passed",
  "dispute_deadline_pending",
  "offer_missing",
  "evidence_limit",
  "backup_missing",
  "votes_invalid",
  "evidence_stale",
  "share_invalid",
  "arbiter_set_invalid",
  "cycle_not_open",
  "awards_unpaid",
  "book_unknown",
  "book_limit",
  "token_not_admitted",
  "bank_reference_reused",
  "payout_address_unrequested",
  "payout_address_pending",
  "account_not_closable",
  "seizure_unknown",
  "seizure_not_due",
  "transfer_refused",
  "vault_insolvent",
  "paused",
  "forbidden",
  "key_reused",
  "key_missing",
  "not_found",
  "chain_rejected",
] as const;

export type DomainErrorCode = (typeof DOMAIN_ERROR_CODES)[number];

/** The values of one occurrence: what was asked and what the limit was. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>;

/** An expected refusal. Nothing was changed; the same command may be corrected and sent again. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  readonly context: ErrorContext;

  constructor(code: DomainErrorCode, message: string, context: ErrorContext = {}) {
    super(message);
    this.name = "DomainError";
    this.code = code;
    this.context = context;
  }
}
