import type { Signer } from "ethers";
import type { OrderTerms } from "../../../services/domain/order-terms.ts";
import { ARBITER_SET, type TestNetwork } from "../deploy-contracts.ts";

/** Written out once more, on purpose: a wallet gets its types from here, not from our own hashing. */
export const ORDER_TYPES = {
  Order: [
    { name: "payer", type: "address" },
    { name: "merchant", type: "address" },
    { name: "operator", type: "address" },
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "fixedFee", type: "uint256" },
    { name: "feeBps", type: "uint16" },
    { name: "feeReceiver", type: "address" },
    { name: "splitsHash", type: "bytes32" },
    { name: "authorizeBy", type: "uint40" },
    { name: "captureBy", type: "uint40" },
    { name: "reclaimFrom", type: "uint40" },
    { name: "refundBy", type: "uint40" },
    { name: "disputeWindow", type: "uint32" },
    { name: "defaultPayerBps", type: "uint16" },
    { name: "arbiterSetId", type: "uint32" },
    { name: "holdbackClass", type: "uint8" },
    { name: "deliveryKey", type: "address" },
    { name: "merchantMayCapture", type: "bool" },
    { name: "commitment", type: "bytes32" },
    { name: "nonce", type: "uint256" },
  ],
};

const DAY = 86_400;

/** An order of 10,000 at 5 per cent between the network's payer and merchant; `given` replaces what a test is about. */
export function buildOrderTerms(network: TestNetwork, given: Partial<OrderTerms> = {}): OrderTerms {
  const { payer, merchant, operator, feeReceiver } = network.actors;
  return {
    payer: payer.address,
    merchant: merchant.address,
    operator: operator.address,
    token: network.tokenAddress,
    amount: 10_000n,
    fixedFee: 0n,
    feeBps: 500,
    feeReceiver: feeReceiver.address,
    splitsHash: `0x${"00".repeat(32)}`,
    authorizeBy: network.startedAt + DAY,
    captureBy: network.startedAt + 8 * DAY,
    reclaimFrom: network.startedAt + 10 * DAY,
    refundBy: network.startedAt + 60 * DAY,
    disputeWindow: 14 * DAY,
    defaultPayerBps: 2_500,
    arbiterSetId: ARBITER_SET,
    holdbackClass: 0,
    deliveryKey: `0x${"00".repeat(20)}`,
    merchantMayCapture: false,
    commitment: `0x${"11".repeat(32)}`,
    nonce: 0n,
    ...given,
  };
}

/** The signature of an order by `signer`, made as a wallet makes it. */
export function signOrderTerms(network: TestNetwork, terms: OrderTerms, signer: Signer): Promise<string> {
  const domain = {
    name: "Rialto",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.ledgerAddress,
  };
  return signer.signTypedData(domain, ORDER_TYPES, terms);
}
