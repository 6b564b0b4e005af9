/** As in contracts/interfaces/IParticipantRegistry.sol. */
export const STATUS = { none: 0n, pending: 1n, active: 2n, restricted: 3n, frozen: 4n, closing: 5n } as const;

/** As in contracts/interfaces/IParticipantRegistry.sol. */
export const KIND = {
  none: 0,
  payer: 1,
  merchant: 2,
  operator: 3,
  arbiter: 5,
  vault: 6,
  institution: 7,
} as const;

/** As in contracts/types/OrderWord.sol. */
export const ORDER_STATE = {
  authorized: 1n,
  captured: 2n,
  voided: 3n,
  reclaimed: 4n,
  refunded: 5n,
} as const;

/** Until when the due diligence of the tests' participants holds: 2100-01-01, Unix seconds. */
export const KYC_UNTIL = 4_102_444_800n;

/** Every scope that a merchant can give an operator. */
export const ALL_SCOPES = 7n;

export const MAX_U80 = 2n ** 80n - 1n;
export const MAX_U88 = 2n ** 88n - 1n;

export type AccountFields = {
  readonly available?: bigint;
  readonly pending?: bigint;
  readonly status?: bigint;
  readonly isMerchant?: boolean;
  readonly scopes?: bigint;
  readonly kycUntil?: bigint;
  readonly openCycle?: bigint;
};

/** A hot word: available u88 | pending u88 | flags u16 | kycUntil u40 | openCycle u24. */
export function accountWord(fields: AccountFields): bigint {
  const flags =
    (fields.status ?? STATUS.active) | (fields.isMerchant ? 8n : 0n) | ((fields.scopes ?? 0n) << 4n);
  return (
    (fields.available ?? 0n) |
    ((fields.pending ?? 0n) << 88n) |
    (flags << 176n) |
    ((fields.kycUntil ?? KYC_UNTIL) << 192n) |
    ((fields.openCycle ?? 1n) << 232n)
  );
}

/** The hot word of a merchant that lets the operator do everything. */
export function merchantWord(fields: AccountFields): bigint {
  return accountWord({ isMerchant: true, scopes: ALL_SCOPES, ...fields });
}

/** An order word: capturable u80 | refundable u80 | capturedAt u40 | cycle u32 | state u8 | flags u16. */
export function orderWord(fields: {
  readonly capturable?: bigint;
  readonly refundable?: bigint;
  readonly capturedAt?: bigint;
  readonly cycle?: bigint;
  readonly state: bigint;
  readonly isDisputed?: boolean;
  readonly isShifted?: boolean;
  readonly disputeCount?: bigint;
}): bigint {
  const flags =
    (fields.isDisputed ? 1n : 0n) | (fields.isShifted ? 2n : 0n) | ((fields.disputeCount ?? 0n) << 8n);
  return (
    (fields.capturable ?? 0n) |
    ((fields.refundable ?? 0n) << 80n) |
    ((fields.capturedAt ?? 0n) << 160n) |
    ((fields.cycle ?? 0n) << 200n) |
    (fields.state << 232n) |
    (flags << 240n)
  );
}

/** What a hot word holds. */
export function balancesOf(word: bigint): { readonly available: bigint; readonly pending: bigint } {
  return { available: BigInt.asUintN(88, word), pending: BigInt.asUintN(88, word >> 88n) };
}

/** What an order word holds. */
export function amountsOf(word: bigint): {
  readonly capturable: bigint;
  readonly refundable: bigint;
  readonly state: bigint;
} {
  return {
    capturable: BigInt.asUintN(80, word),
    refundable: BigInt.asUintN(80, word >> 80n),
    state: BigInt.asUintN(8, word >> 232n),
  };
}

/** The debt in a cold word. */
export function debtOf(coldWord: bigint): bigint {
  return BigInt.asUintN(80, coldWord);
}
