import type { Signer } from "ethers";
import type { TestNetwork } from "../deploy-contracts.ts";

/** Written out once more, on purpose: a wallet gets its types from here, not from our own hashing. */
const TYPES = {
  Extension: [
    { name: "orderId", type: "bytes32" },
    { name: "captureBy", type: "uint40" },
  ],
  Cancel: [{ name: "orderId", type: "bytes32" }],
  RefundConsent: [
    { name: "orderId", type: "bytes32" },
    { name: "amount", type: "uint256" },
    { name: "capturable", type: "uint256" },
    { name: "refundable", type: "uint256" },
    { name: "deadline", type: "uint40" },
  ],
  Delivery: [
    { name: "orderId", type: "bytes32" },
    { name: "deliveredAt", type: "uint40" },
    { name: "location", type: "bytes32" },
  ],
};

/** A party's signature of something beyond its order's terms. */
function signConsent(
  network: TestNetwork,
  type: keyof typeof TYPES,
  message: Record<string, unknown>,
  signer: Signer,
): Promise<string> {
  const domain = {
    name: "Rialto",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.ledgerAddress,
  };
  return signer.signTypedData(domain, { [type]: TYPES[type] }, message);
}

/** That an order may be captured until `captureBy`. */
export function signExtension(
  network: TestNetwork,
  orderId: string,
  captureBy: number,
  signer: Signer,
): Promise<string> {
  return signConsent(network, "Extension", { orderId, captureBy }, signer);
}

/** That an order id shall never be used. */
export function signCancel(network: TestNetwork, orderId: string, signer: Signer): Promise<string> {
  return signConsent(network, "Cancel", { orderId }, signer);
}

export type RefundConsent = {
  readonly orderId: string;
  readonly amount: bigint;
  readonly capturable: bigint;
  readonly refundable: bigint;
  readonly deadline: number;
};

/** That an amount of an order that stands as told may be refunded. */
export function signRefundConsent(
  network: TestNetwork,
  consent: RefundConsent,
  signer: Signer,
): Promise<string> {
  return signConsent(network, "RefundConsent", consent, signer);
}

export type Delivery = {
  readonly orderId: string;
  readonly deliveredAt: number;
  readonly location: string;
};

/** That the goods of an order arrived. */
export function signDelivery(network: TestNetwork, delivery: Delivery, signer: Signer): Promise<string> {
  return signConsent(network, "Delivery", delivery, signer);
}
