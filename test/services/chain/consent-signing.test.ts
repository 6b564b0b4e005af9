import { expect } from "chai";
import { AbiCoder, keccak256, TypedDataEncoder } from "ethers";
import {
  cancelDigest,
  deliveryDigest,
  extensionDigest,
  payoutAddressDigest,
  refundConsentDigest,
  signConsent,
  splitsHashOf,
} from "../../../services/chain/consent-signing.ts";
import { ledgerDomain } from "../../../services/chain/order-signing.ts";
import { addressOfKey, recoverSigner } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";

const KEY: Hex = `0x${"07".repeat(32)}`;
const ORDER_ID: Hex = `0x${"0d".repeat(32)}`;
const LOCATION: Hex = `0x${"1c".repeat(32)}`;
const ACCOUNT: Hex = `0x${"a1".repeat(20)}`;
const PAYOUT_ADDRESS: Hex = `0x${"a2".repeat(20)}`;
const domain = ledgerDomain(31337, `0x${"ed".repeat(20)}`);
const { separator: _, ...plainDomain } = domain;

/** As contracts/ledger/OrderConsents.sol and contracts/access/PayoutAddresses.sol hash them. */
const CASES = [
  {
    name: "Extension",
    type: "bytes32 orderId,uint40 captureBy",
    value: { orderId: ORDER_ID, captureBy: 2_000 },
    digest: extensionDigest({ orderId: ORDER_ID, captureBy: 2_000 }, domain),
  },
  {
    name: "Cancel",
    type: "bytes32 orderId",
    value: { orderId: ORDER_ID },
    digest: cancelDigest(ORDER_ID, domain),
  },
  {
    name: "RefundConsent",
    type: "bytes32 orderId,uint256 amount,uint256 capturable,uint256 refundable,uint40 deadline",
    value: { orderId: ORDER_ID, amount: 5n, capturable: 0n, refundable: 2n ** 80n - 1n, deadline: 9 },
    digest: refundConsentDigest(
      { orderId: ORDER_ID, amount: 5n, capturable: 0n, refundable: 2n ** 80n - 1n, deadline: 9 },
      domain,
    ),
  },
  {
    name: "Delivery",
    type: "bytes32 orderId,uint40 deliveredAt,bytes32 location",
    value: { orderId: ORDER_ID, deliveredAt: 7, location: LOCATION },
    digest: deliveryDigest({ orderId: ORDER_ID, deliveredAt: 7, location: LOCATION }, domain),
  },
  {
    name: "PayoutAddressChange",
    type: "address account,address payoutAddress,uint256 nonce,uint40 deadline",
    value: { account: ACCOUNT, payoutAddress: PAYOUT_ADDRESS, nonce: 3n, deadline: 9 },
    digest: payoutAddressDigest(
      { account: ACCOUNT, payoutAddress: PAYOUT_ADDRESS, nonce: 3n, deadline: 9 },
      domain,
    ),
  },
] as const;

describe("consents", () => {
  for (const { name, type, value, digest } of CASES) {
    it(`digest ${name} as ethers does, and are found again by their signer`, () => {
      const fields = type.split(",").map((field) => {
        const [kind = "", member = ""] = field.split(" ");
        return { name: member, type: kind };
      });

      expect(digest).to.equal(TypedDataEncoder.hash(plainDomain, { [name]: fields }, value));
      expect(recoverSigner(digest, signConsent(digest, KEY))).to.equal(addressOfKey(KEY));
    });
  }

  it("hash splits as their ABI encoding, and none of them as zero", () => {
    const splits = [
      { payee: ACCOUNT, bps: 1_000 },
      { payee: PAYOUT_ADDRESS, bps: 250 },
    ];
    const encoded = AbiCoder.defaultAbiCoder().encode(["tuple(address payee,uint16 bps)[]"], [splits]);

    expect(splitsHashOf(splits)).to.equal(keccak256(encoded));
    for (const none of [[], undefined]) expect(splitsHashOf(none)).to.equal(`0x${"0".repeat(64)}`);
  });
});
