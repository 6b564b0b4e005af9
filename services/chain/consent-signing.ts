import type { Hex, Split } from "../domain/order-terms.ts";
import { addressWord, bytes32Word, hashWords, sizeWord, uintWord } from "./abi-words.ts";
import { signDigest, type TypedDataDomain, typedDataDigest, typeHash } from "./typed-data.ts";

/*
 * What the parties of an order agree to beyond its terms, signed under the ledger's domain; see
 * contracts/interfaces/IOrderConsents.sol.
 */

/** A merchant's consent to a refund; amounts are those of the order at that moment, times Unix seconds. */
export type RefundConsent = {
  readonly orderId: Hex;
  readonly amount: bigint;
  readonly capturable: bigint;
  readonly refundable: bigint;
  readonly deadline: number;
};

/** A proof by the terms' delivery key that the goods arrived. */
export type Delivery = { readonly orderId: Hex; readonly deliveredAt: number; readonly location: Hex };

/** A later `captureBy` that payer and merchant agree to. */
export type Extension = { readonly orderId: Hex; readonly captureBy: number };

/** A participant's request to be paid elsewhere; signed under the registry's domain. */
export type PayoutAddressChange = {
  readonly account: Hex;
  readonly payoutAddress: Hex;
  /** `payoutAddressNonce` of the registry. */
  readonly nonce: bigint;
  readonly deadline: number;
};

const EXTENSION = bytes32Word(typeHash("Extension(bytes32 orderId,uint40 captureBy)"));
const CANCEL = bytes32Word(typeHash("Cancel(bytes32 orderId)"));
const REFUND_CONSENT = bytes32Word(
  typeHash(
    "RefundConsent(bytes32 orderId,uint256 amount,uint256 capturable,uint256 refundable,uint40 deadline)",
  ),
);
const DELIVERY = bytes32Word(typeHash("Delivery(bytes32 orderId,uint40 deliveredAt,bytes32 location)"));
const PAYOUT_ADDRESS_CHANGE = bytes32Word(
  typeHash("PayoutAddressChange(address account,address payoutAddress,uint256 nonce,uint40 deadline)"),
);

const NO_SPLITS: Hex = `0x${"0".repeat(64)}`;
const OFFSET_BYTES = 32;

export function extensionDigest({ orderId, captureBy }: Extension, domain: TypedDataDomain): Hex {
  const words = EXTENSION + bytes32Word(orderId) + uintWord(captureBy, 40);
  return typedDataDigest(domain, hashWords(words));
}

/** What the payer signs to make an order's id unusable. */
export function cancelDigest(orderId: Hex, domain: TypedDataDomain): Hex {
  return typedDataDigest(domain, hashWords(CANCEL + bytes32Word(orderId)));
}

export function refundConsentDigest(consent: RefundConsent, domain: TypedDataDomain): Hex {
  const words =
    bytes32Word(consent.orderId) +
    uintWord(consent.amount, 256) +
    uintWord(consent.capturable, 256) +
    uintWord(consent.refundable, 256) +
    uintWord(consent.deadline, 40);
  return typedDataDigest(domain, hashWords(REFUND_CONSENT + words));
}

export function deliveryDigest({ orderId, deliveredAt, location }: Delivery, domain: TypedDataDomain): Hex {
  const words = bytes32Word(orderId) + uintWord(deliveredAt, 40) + bytes32Word(location);
  return typedDataDigest(domain, hashWords(DELIVERY + words));
}

export function payoutAddressDigest(change: PayoutAddressChange, domain: TypedDataDomain): Hex {
  const words =
    addressWord(change.account) +
    addressWord(change.payoutAddress) +
    uintWord(change.nonce, 256) +
    uintWord(change.deadline, 40);
  return typedDataDigest(domain, hashWords(PAYOUT_ADDRESS_CHANGE + words));
}

/** A signature on any of these digests. */
export function signConsent(digest: Hex, privateKey: Hex): Hex {
  return signDigest(digest, privateKey);
}

/** What the payer signs as `splitsHash`: zero without splits, else the hash of their ABI encoding in this order. */
export function splitsHashOf(splits: readonly Split[] | undefined): Hex {
  if (splits === undefined || splits.length === 0) return NO_SPLITS;
  const payees = splits.map(({ payee, bps }) => addressWord(payee) + uintWord(bps, 16));
  return hashWords(sizeWord(OFFSET_BYTES) + sizeWord(splits.length) + payees.join(""));
}
