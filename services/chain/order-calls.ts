import { AbiCoder, Signature } from "ethers";
import type { OperationPayloads, Permit } from "../domain/operation.ts";
import { orderTermsFromJson, type Split } from "../domain/order-terms.ts";
import { encodeCall } from "./abi.ts";
import { type OperationCalls, single, together, toLedger } from "./operation-call.ts";
import { encodeCaptures, encodeNewOrders } from "./order-batch-calldata.ts";

type OrderKinds =
  | "authorize"
  | "authorize-by-transfer"
  | "authorize-through"
  | "charge"
  | "cancel"
  | "capture"
  | "deliver"
  | "extend"
  | "void"
  | "reclaim"
  | "refund"
  | "refund-by-consent";

/** What each payee costs beside the merchant: an account to read, or to draw from and perhaps to advance money to. */
const GAS_PER_PAYEE = 120_000;

/** The calls of the ledger that are about one order each. */
export const ORDER_CALLS: OperationCalls<OrderKinds> = {
  authorize: {
    lane: "operator",
    maxItems: 100,
    gasPerItem: 130_000,
    extraGas: splitGas,
    groupOf: aloneIfSplit,
    to: toLedger,
    encode(payloads) {
      const [{ terms, splits, signature }] = payloads;
      if (splits === undefined) return encodeNewOrders("authorizeBatch", payloads.map(toSignedOrder));
      return encodeCall("settlementLedger", "authorizeWithSplits", [terms, splits, signature]);
    },
  },
  "authorize-by-transfer": single("operator", 300_000, toLedger, ({ terms, signature }) =>
    encodeCall("settlementLedger", "authorizeByTransfer", [terms, signature]),
  ),
  "authorize-through": single("operator", 500_000, toLedger, ({ terms, signature, collector, permit }) =>
    encodeCall("settlementLedger", "authorizeThrough", [
      terms,
      signature,
      collector,
      permit === undefined ? "0x" : encodePermit(permit),
    ]),
  ),
  charge: {
    lane: "operator",
    maxItems: 80,
    gasPerItem: 190_000,
    groupOf: together,
    to: toLedger,
    encode: (payloads) => encodeNewOrders("chargeBatch", payloads.map(toSignedOrder)),
  },
  cancel: single("operator", 150_000, toLedger, ({ terms, signature }) =>
    encodeCall("settlementLedger", "cancel", [terms, signature]),
  ),
  capture: {
    lane: "operator",
    maxItems: 150,
    gasPerItem: 100_000,
    extraGas: splitGas,
    groupOf: aloneIfSplit,
    to: toLedger,
    encode(payloads) {
      const [{ terms, splits, amount }] = payloads;
      if (splits === undefined) return encodeCaptures(payloads.map(toOrderAmount));
      return encodeCall("settlementLedger", "captureWithSplits", [terms, splits, amount]);
    },
  },
  deliver: {
    ...single("operator", 300_000, toLedger, ({ terms, splits = [], deliveredAt, location, signature }) =>
      encodeCall("settlementLedger", "captureDelivered", [terms, splits, deliveredAt, location, signature]),
    ),
    extraGas: splitGas,
  },
  extend: single("operator", 250_000, toLedger, ({ terms, captureBy, payerSignature, merchantSignature }) =>
    encodeCall("settlementLedger", "extend", [terms, captureBy, payerSignature, merchantSignature]),
  ),
  void: single("operator", 200_000, toLedger, ({ terms, amount }) =>
    encodeCall("settlementLedger", "void", [terms, amount]),
  ),
  reclaim: single("operator", 200_000, toLedger, ({ terms }) =>
    encodeCall("settlementLedger", "reclaim", [terms]),
  ),
  refund: {
    ...single("operator", 400_000, toLedger, ({ terms, amount, splits }) =>
      splits === undefined
        ? encodeCall("settlementLedger", "refund", [terms, amount])
        : encodeCall("settlementLedger", "refundWithSplits", [terms, splits, amount]),
    ),
    extraGas: splitGas,
  },
  "refund-by-consent": {
    ...single("operator", 450_000, toLedger, ({ terms, splits = [], amount, deadline, signature }) =>
      encodeCall("settlementLedger", "refundWithConsent", [terms, splits, amount, deadline, signature]),
    ),
    extraGas: splitGas,
  },
};

/** What `PermitCollector` takes for a permit. */
function encodePermit({ value, deadline, signature }: Permit): string {
  const { v, r, s } = Signature.from(signature);
  return AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "uint8", "bytes32", "bytes32"],
    [value, deadline, v, r, s],
  );
}

/** The gas that an order's payees add to a call. */
export function splitGas({ splits = [] }: { readonly splits?: readonly Split[] }): number {
  return splits.length * GAS_PER_PAYEE;
}

/** The ledger has no batches of orders with several payees. */
function aloneIfSplit(payload: { readonly terms: object; readonly splits?: readonly Split[] }): string {
  return payload.splits === undefined ? together() : JSON.stringify(payload.terms);
}

function toSignedOrder(payload: OperationPayloads["authorize" | "charge"]) {
  return { terms: orderTermsFromJson(payload.terms), signature: payload.signature };
}

function toOrderAmount({ terms, amount }: OperationPayloads["capture"]) {
  return { terms: orderTermsFromJson(terms), amount: BigInt(amount) };
}
