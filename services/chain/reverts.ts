import { Interface } from "ethers";
import type { DomainErrorCode, ErrorContext } from "../domain/errors.ts";
import { CONTRACT_ARTIFACTS } from "./abi.ts";
import type { RpcError } from "./json-rpc.ts";

/** Why the chain refused something, in the words of the domain. `context.error` is the contract's own error. */
export type Refusal = { readonly code: DomainErrorCode; readonly context: ErrorContext };

/** The code of every custom error of our contracts and the libraries under them. */
export const REVERT_CODES = {
  AcceptanceSignatureInvalid: "signature_invalid",
  AcceptanceStale: "operator_not_accepted",
  AccessManagedInvalidAuthority: "forbidden",
  AccessManagedRequiredDelay: "forbidden",
  AccessManagedUnauthorized: "forbidden",
  AccessManagerAlreadyScheduled: "forbidden",
  AccessManagerBadConfirmation: "forbidden",
  AccessManagerExpired: "forbidden",
  AccessManagerInvalidInitialAdmin: "forbidden",
  AccessManagerLockedFunction: "forbidden",
  AccessManagerLockedRole: "forbidden",
  AccessManagerNotReady: "forbidden",
  AccessManagerNotScheduled: "forbidden",
  AccessManagerUnauthorizedAccount: "forbidden",
  AccessManagerUnauthorizedCall: "forbidden",
  AccessManagerUnauthorizedCancel: "forbidden",
  AccessManagerUnauthorizedConsume: "forbidden",
  AccountNotClosable: "account_not_closable",
  AccountsAwardsUnpaid: "awards_unpaid",
  AccountsBookLimit: "book_limit",
  AccountsBookUnknown: "book_unknown",
  AccountsGuaranteeExhausted: "guarantee_exhausted",
  AccountsInexactTransfer: "transfer_refused",
  AccountsInsolvent: "vault_insolvent",
  AccountsInsufficient: "insufficient_funds",
  AccountsKycExpired: "kyc_expired",
  AccountsNotActive: "participant_not_active",
  AddressEmptyCode: "chain_rejected",
  AmountInvalid: "amount_invalid",
  BookExists: "chain_rejected",
  BookTokenNotAdmitted: "token_not_admitted",
  CollectorForbidden: "forbidden",
  CollectorNotLedger: "forbidden",
  ConsentSignatureInvalid: "signature_invalid",
  CourtAppealSetTooSmall: "arbiter_set_invalid",
  CourtBackupMissing: "backup_missing",
  CourtBpsInvalid: "share_invalid",
  CourtEvidenceStale: "evidence_stale",
  CourtEvidenceTooMuch: "evidence_limit",
  CourtForbidden: "forbidden",
  CourtOfferChanged: "offer_missing",
  CourtOfferMissing: "offer_missing",
  CourtOfferTooHigh: "exceeds_order",
  CourtPolicyInvalid: "forbidden",
  CourtPolicyTooMany: "forbidden",
  CourtPolicyUnknown: "forbidden",
  CourtSetCircular: "arbiter_set_invalid",
  CourtSetInvalid: "arbiter_set_invalid",
  CourtSetTooLarge: "arbiter_set_invalid",
  CourtSetUnknown: "arbiter_set_invalid",
  CourtSignatureInvalid: "signature_invalid",
  CourtStateWrong: "dispute_state_wrong",
  CourtTooEarly: "dispute_deadline_pending",
  CourtTooLate: "dispute_deadline_passed",
  CourtVoteInvalid: "votes_invalid",
  CourtVotesMissing: "votes_invalid",
  CycleNotOpen: "cycle_not_open",
  CycleNotPublishable: "cycle_not_open",
  DeliveryTimeInvalid: "delivery_invalid",
  DisputeBondExceeded: "chain_rejected",
  DisputeCourtWrong: "forbidden",
  DisputeExceedsOrder: "exceeds_order",
  DisputeNotOpen: "dispute_not_open",
  DisputeTooMany: "dispute_too_many",
  DisputeWindowClosed: "dispute_window_closed",
  ECDSAInvalidSignature: "signature_invalid",
  ECDSAInvalidSignatureLength: "signature_invalid",
  ECDSAInvalidSignatureS: "signature_invalid",
  ERC20InsufficientAllowance: "insufficient_funds",
  ERC20InsufficientBalance: "insufficient_funds",
  ERC20InvalidApprover: "transfer_refused",
  ERC20InvalidReceiver: "transfer_refused",
  ERC20InvalidSender: "transfer_refused",
  ERC20InvalidSpender: "transfer_refused",
  ERC2612ExpiredSignature: "signature_invalid",
  ERC2612InvalidSigner: "signature_invalid",
  ERC3009InvalidAuthorizationTime: "signature_invalid",
  ERC3009InvalidSignature: "signature_invalid",
  ERC3009UsedAuthorization: "signature_invalid",
  ERC7943CannotReceive: "participant_not_active",
  ERC7943CannotSend: "participant_not_active",
  ERC7943CannotTransfer: "transfer_refused",
  ERC7943InsufficientUnfrozenBalance: "insufficient_funds",
  FailedCall: "chain_rejected",
  HoldbackClassInvalid: "terms_invalid",
  InsufficientBalance: "insufficient_funds",
  InvalidAccountNonce: "signature_invalid",
  InvalidShortString: "chain_rejected",
  LedgerForbidden: "forbidden",
  LedgerPaused: "paused",
  LedgerTooMany: "book_limit",
  OrderAlreadyExists: "order_exists",
  OrderDisputed: "order_disputed",
  OrderExceedsCapturable: "exceeds_capturable",
  OrderExceedsRefundable: "exceeds_refundable",
  OrderExpired: "order_expired",
  OrderExtensionInvalid: "extension_invalid",
  OrderLengthMismatch: "malformed",
  OrderNotReclaimable: "not_reclaimable",
  OrderOperatorNotAccepted: "operator_not_accepted",
  OrderSignatureInvalid: "signature_invalid",
  OrderSplitsInvalid: "splits_invalid",
  OrderTermsInvalid: "terms_invalid",
  OrderUnknown: "order_unknown",
  ParticipantAlreadyRegistered: "participant_exists",
  ParticipantInvalid: "participant_unknown",
  ParticipantStatusForbidden: "status_forbidden",
  ParticipantUnknown: "participant_unknown",
  PayoutAddressForbidden: "participant_not_active",
  PayoutAddressNotRequested: "payout_address_unrequested",
  PayoutAddressSignatureInvalid: "signature_invalid",
  PayoutAddressTooEarly: "payout_address_pending",
  PayoutAddressTooLate: "order_expired",
  PayoutGasTooLow: "chain_rejected",
  RebindUnknown: "participant_unknown",
  ReentrancyGuardReentrantCall: "chain_rejected",
  RegistryLengthMismatch: "malformed",
  RegistryTokenAlreadyAdded: "chain_rejected",
  RegistryTokenInvalid: "chain_rejected",
  RegistryTooManyTokens: "book_limit",
  SafeCastOverflowedUintDowncast: "amount_invalid",
  SafeERC20FailedOperation: "transfer_refused",
  SeizureAlreadyProposed: "chain_rejected",
  SeizureForbidden: "forbidden",
  SeizureSamePerson: "forbidden",
  SeizureTooEarly: "seizure_not_due",
  SeizureUnknown: "seizure_unknown",
  SettlementTokenFrozenLimit: "amount_invalid",
  StatementIndexOutOfRange: "malformed",
  StatementProofLengthWrong: "malformed",
  StatementTooManyLeaves: "malformed",
  SettlementTokenLengthMismatch: "malformed",
  SettlementTokenReferenceMissing: "malformed",
  SettlementTokenReferenceUsed: "bank_reference_reused",
  SettlementTokenSupplyLimit: "amount_invalid",
  StatutoryAccountInvalid: "participant_not_active",
  StringTooLong: "chain_rejected",
  TokenAlreadyAdmitted: "chain_rejected",
  TokenCapInvalid: "amount_invalid",
  TokenInexactTransfer: "transfer_refused",
  TokenNotAdmitted: "token_not_admitted",
  TokenProbeMissing: "amount_invalid",
  VaultForbidden: "forbidden",
} as const satisfies Record<string, DomainErrorCode>;

const ERRORS = new Interface(
  Object.values(CONTRACT_ARTIFACTS).flatMap(({ abi }) =>
    abi.fragments.filter((fragment) => fragment.type === "error"),
  ),
);

/** Takes revert data apart; what no contract of ours throws is `chain_rejected`. */
export function decodeRevert(data: string): Refusal {
  const selector = data.slice(0, 10);
  let error: ReturnType<Interface["parseError"]> = null;
  try {
    error = ERRORS.parseError(data);
  } catch {
    // Cut or malformed: the selector is all there is to tell.
  }
  if (error === null) return { code: "chain_rejected", context: { error: selector } };

  const values = error.fragment.inputs.map((input, index): [string, string] => [
    input.name,
    String(error.args[index]),
  ]);
  const codes: Readonly<Record<string, DomainErrorCode>> = REVERT_CODES;
  return {
    code: codes[error.name] ?? "chain_rejected",
    context: { error: error.name, ...Object.fromEntries(values) },
  };
}

/**
 * Why an execution failed, if that is what the node's refusal is about; undefined if it is about anything else.
 *
 * Nodes differ in code and shape: the data may stand in `data` or in `data.data`, and be absent when gas ran out.
 */
export function refusalOf(error: RpcError): Refusal | undefined {
  const data = revertDataOf(error.data);
  if (data !== undefined && data.length >= 10) return decodeRevert(data);
  const isExecution = error.code === 3 || /revert|out ?of ?gas|invalid opcode/i.test(error.message);
  return isExecution ? { code: "chain_rejected", context: { error: "no reason given" } } : undefined;
}

function revertDataOf(data: unknown): string | undefined {
  if (typeof data === "string" && data.startsWith("0x")) return data;
  return typeof data === "object" && data !== null && "data" in data ? revertDataOf(data.data) : undefined;
}
