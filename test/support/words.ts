/** As in contracts/interfaces/IParticipantRegistry.sol. */
export const STATUS = {
  none: 0n,
  pending: 1n,
  active: 2n,
  restricted: 3n,
  frozen: 4n,
  closing: 5n,
  closed: 6n,
} as const;

/** As in contracts/interfaces/IParticipantRegistry.sol. */
export const KIND = {
  none: 0,
  payer: 1,
  merchant: 2,
  operator: 3,
  courier: 4,
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
  canceled: 6n,
} as const;

export const DAY = 86_400n;

/** Until when the due diligence of the tests' participants holds: 2100-01-01, Unix seconds. */
export const KYC_UNTIL = 4_102_444_800n;

/** What a merchant can let an operator do; flags of a hot word are these, four bits higher. */
export const SCOPE = { accepts: 1n, charge: 2n, mandate: 4n } as const;
export const ALL_SCOPES = 7n;

export const MAX_U80 = 2n ** 80n - 1n;
export const MAX_U40 = 2n ** 40n - 1n;
export const MAX_FEES = 2n ** 32n - 1n;

export type AccountFields = {
  readonly available?: bigint;
  readonly pending?: bigint;
  readonly fees?: bigint;
  readonly openCycle?: bigint;
  /** Unix seconds; the word has whole days, rounded down. */
  readonly kycUntil?: bigint;
  /** Unix seconds; the word has whole days, rounded up. */
  readonly exposedUntil?: bigint;
  readonly status?: bigint;
  readonly isMerchant?: boolean;
  readonly scopes?: bigint;
  readonly isCold?: boolean;
};

/**
 * A hot word: available u80 | pending u80 | fees u32 | openCycle u24 | kycUntil u16 | exposedUntil u16 | flags u8.
 */
export function accountWord(fields: AccountFields): bigint {
  const { exposedUntil } = fields;
  const flags =
    (fields.status ?? STATUS.active) |
    (fields.isMerchant ? 8n : 0n) |
    ((fields.scopes ?? 0n) << 4n) |
    (fields.isCold ? 128n : 0n);
  return (
    (fields.available ?? 0n) |
    ((fields.pending ?? 0n) << 80n) |
    ((fields.fees ?? 0n) << 160n) |
    ((fields.openCycle ?? 1n) << 192n) |
    (((fields.kycUntil ?? KYC_UNTIL) / DAY) << 216n) |
    ((exposedUntil === undefined ? 0n : exposedUntil / DAY + 1n) << 232n) |
    (flags << 248n)
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
export function balancesOf(word: bigint): {
  readonly available: bigint;
  readonly pending: bigint;
  readonly fees: bigint;
} {
  return {
    available: BigInt.asUintN(80, word),
    pending: BigInt.asUintN(80, word >> 80n),
    fees: BigInt.asUintN(32, word >> 160n),
  };
}

/** A hot word without what is not money or standing: how long it is exposed, and whether the cold word matters. */
export function bareWord(word: bigint): bigint {
  return word & ~((0xffffn << 232n) | (1n << 255n));
}

/** Whether a hot word tells that the cold word matters. */
export function isCold(word: bigint): boolean {
  return word >> 255n === 1n;
}

/** Matches an event's hot word that is bare the same. */
export function likeWord(expected: bigint): (actual: bigint) => boolean {
  return (actual) => bareWord(actual) === expected;
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

/** The reserve in a cold word. */
export function reserveOf(coldWord: bigint): bigint {
  return BigInt.asUintN(80, coldWord >> 80n);
}

/** The same hot word, as if nothing of the account could be disputed: few tests are about when that ends. */
export function unexposed(word: bigint): bigint {
  return word & ~(0xffffn << 232n);
}
