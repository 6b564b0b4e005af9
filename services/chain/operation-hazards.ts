import type { Operation, OperationKind, OperationPayloads } from "../domain/operation.ts";
import type { Hex, OrderTermsJson, Split } from "../domain/order-terms.ts";

/** An operation as far as others may depend on it. */
export type HazardSource = {
  readonly operation: Operation;
  readonly orderId: Hex | null;
  readonly disputeId: Hex | null;
};

/**
 * What an operation depends on and changes.
 *
 * Two operations may be executed in either order unless one writes what the other reads or writes, or the later one
 * takes money that the earlier one adds.
 */
export type Hazards = {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly takes: readonly FundsChange[];
  readonly adds: readonly FundsChange[];
};

/** Money of one account. An undefined amount is known only when the operation is executed. */
export type FundsChange = { readonly key: string; readonly amount: bigint | undefined };

/** The hazards of an operation; barriers have none, as nothing passes them. */
export function hazardsOf({ operation, orderId, disputeId }: HazardSource): Hazards {
  // The table has the function of exactly this kind, which no checker can see.
  const hazards = HAZARDS[operation.kind] as (payload: object) => Partial<Hazards>;
  const { reads = [], writes = [], takes = [], adds = [] } = hazards(operation.payload);
  const subjects = [
    ...(orderId === null ? [] : [`order ${orderId}`]),
    ...(disputeId === null ? [] : [`dispute ${disputeId}`]),
  ];
  return { reads, writes: [...subjects, ...writes], takes, adds };
}

/** What each kind depends on and changes beside its order and dispute. */
const HAZARDS: {
  readonly [Kind in OperationKind]: (payload: OperationPayloads[Kind]) => Partial<Hazards>;
} = {
  register: ({ address }) => ({ writes: [standing(address)] }),
  "accept-operator": ({ merchant }) => ({ writes: [standing(merchant)] }),
  "set-kyc": changesStanding,
  restrict: changesStanding,
  freeze: changesStanding,
  reactivate: changesStanding,
  "start-closing": changesStanding,
  "close-account": ({ account }) => ({ writes: [EVERYTHING, standing(account)] }),
  recover: ({ account, successor }) => ({ writes: [EVERYTHING, standing(account), standing(successor)] }),
  "request-payout-address": changesStanding,
  "confirm-payout-address": changesStanding,
  "cancel-payout-address": changesStanding,
  "open-account": ({ token, account }) => ({ reads: [standing(account)], writes: [place(token, account)] }),
  mint: ({ token, amount, bankReference }) => ({
    writes: [`bank ${bankReference}`],
    adds: [{ key: issued(token), amount: BigInt(amount) }],
  }),
  deposit: ({ token, account, amount }) => ({
    reads: [EVERYTHING, standing(account), place(token, account)],
    takes: [{ key: issued(token), amount: BigInt(amount) }],
    adds: [{ key: funds(token, account), amount: BigInt(amount) }],
  }),
  authorize: ({ terms, splits = [] }) => newOrder(terms, splits),
  charge: ({ terms }) => ({
    ...newOrder(terms, []),
    adds: [{ key: merchantFunds(terms), amount: BigInt(terms.amount) }],
  }),
  "authorize-by-transfer": ({ terms }) => opens(terms, []),
  "authorize-through": ({ terms }) => opens(terms, []),
  cancel: () => ({}),
  capture: ({ terms, amount, splits = [] }) => captures(terms, BigInt(amount), splits),
  deliver: ({ terms, splits = [] }) => captures(terms, undefined, splits),
  extend: ({ terms }) => ({ reads: [standing(terms.merchant)] }),
  void: ({ terms, amount }) => ({ adds: [{ key: payerFunds(terms), amount: BigInt(amount) }] }),
  reclaim: ({ terms }) => ({ adds: [{ key: payerFunds(terms), amount: undefined }] }),
  refund: ({ terms, amount, splits = [] }) => refunds(terms, BigInt(amount), splits),
  "refund-by-consent": ({ terms, amount, splits = [] }) => refunds(terms, BigInt(amount), splits),
  "open-dispute": ({ terms, amount }) => ({
    // The payer's bond is a share of the amount.
    takes: [merchantFunds(terms), payerFunds(terms)].map((key) => ({ key, amount: BigInt(amount) })),
  }),
  contest: () => ({}),
  "submit-evidence": () => ({}),
  "accept-dispute": () => ({}),
  offer: () => ({}),
  "withdraw-offer": () => ({}),
  "accept-offer": () => ({}),
  agree: () => ({}),
  rule: () => ({}),
  escalate: () => ({}),
  appeal: ({ terms, side }) => ({
    takes: [unknown(side === "payer" ? payerFunds(terms) : merchantFunds(terms))],
  }),
  "finalize-dispute": ({ terms, splits = [] }) => {
    const payees = payeesOf(terms, splits).map((payee) => unknown(funds(terms.token, payee)));
    return { reads: [EVERYTHING], takes: payees, adds: [unknown(payerFunds(terms)), ...payees] };
  },
  "release-reserve": ({ token, account }) => ({ adds: [unknown(funds(token, account))] }),
  "meet-obligations": ({ token, account }) => ({ takes: [unknown(funds(token, account))] }),
  rebind: ({ account }) => ({ reads: [standing(account)], writes: [EVERYTHING] }),
  "propose-seizure": ({ account }) => ({ reads: [standing(account)] }),
  "cancel-seizure": ({ seizureId }) => ({ writes: [`seizure ${seizureId}`] }),
  "execute-seizure": ({ seizureId }) => ({ writes: [EVERYTHING, `seizure ${seizureId}`] }),
  pause: () => ({ writes: [EVERYTHING] }),
  unpause: () => ({ writes: [EVERYTHING] }),
  "close-cycle": () => ({}),
  "publish-statements": () => ({}),
  payout: () => ({}),
};

/**
 * Read by everything that moves an order's money: what the guardian stops, and what moves money between accounts that
 * the operation does not name, such as those of a successor.
 */
const EVERYTHING = "everything";

function changesStanding({ account }: { readonly account: Hex }): Partial<Hazards> {
  return { writes: [standing(account)] };
}

/** Holds money that the payer has in the book. */
function newOrder(terms: OrderTermsJson, splits: readonly Split[]): Partial<Hazards> {
  return { ...opens(terms, splits), takes: [{ key: payerFunds(terms), amount: BigInt(terms.amount) }] };
}

/** Opens an order, wherever its money comes from. */
function opens(terms: OrderTermsJson, splits: readonly Split[]): Partial<Hazards> {
  const parties = [terms.payer, ...payeesOf(terms, splits)];
  return {
    reads: [EVERYTHING, ...parties.flatMap((account) => [standing(account), place(terms.token, account)])],
  };
}

function captures(
  terms: OrderTermsJson,
  amount: bigint | undefined,
  splits: readonly Split[],
): Partial<Hazards> {
  return {
    reads: [EVERYTHING, ...payeesOf(terms, splits).map(standing)],
    adds: [
      // Of an order with several payees the merchant gets less than all of it.
      { key: merchantFunds(terms), amount: splits.length > 0 ? undefined : amount },
      ...splits.map(({ payee }) => unknown(funds(terms.token, payee))),
    ],
  };
}

function refunds(terms: OrderTermsJson, amount: bigint, splits: readonly Split[]): Partial<Hazards> {
  return {
    reads: [EVERYTHING, ...payeesOf(terms, splits).map(standing)],
    takes: [
      { key: merchantFunds(terms), amount },
      ...splits.map(({ payee }) => ({ key: funds(terms.token, payee), amount })),
    ],
    adds: [{ key: payerFunds(terms), amount }],
  };
}

function payeesOf({ merchant }: OrderTermsJson, splits: readonly Split[]): Hex[] {
  return [merchant, ...splits.map(({ payee }) => payee)];
}

function unknown(key: string): FundsChange {
  return { key, amount: undefined };
}

function standing(account: Hex): string {
  return `standing ${account}`;
}

function place(token: Hex, account: Hex): string {
  return `place ${token} ${account}`;
}

function issued(token: Hex): string {
  return `issued ${token}`;
}

function funds(token: Hex, account: Hex): string {
  return `funds ${token} ${account}`;
}

function payerFunds(terms: OrderTermsJson): string {
  return funds(terms.token, terms.payer);
}

function merchantFunds(terms: OrderTermsJson): string {
  return funds(terms.token, terms.merchant);
}
