import type { Operation, OperationKind, OperationPayloads } from "../domain/operation.ts";
import type { Hex, OrderTermsJson } from "../domain/order-terms.ts";

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
  "open-account": ({ token, account }) => ({ reads: [standing(account)], writes: [place(token, account)] }),
  mint: ({ token, amount, bankReference }) => ({
    writes: [`bank ${bankReference}`],
    adds: [{ key: issued(token), amount: BigInt(amount) }],
  }),
  deposit: ({ token, account, amount }) => ({
    reads: [standing(account), place(token, account)],
    takes: [{ key: issued(token), amount: BigInt(amount) }],
    adds: [{ key: funds(token, account), amount: BigInt(amount) }],
  }),
  authorize: ({ terms }) => newOrder(terms),
  charge: ({ terms }) => ({
    ...newOrder(terms),
    adds: [{ key: merchantFunds(terms), amount: BigInt(terms.amount) }],
  }),
  capture: ({ terms, amount }) => ({ adds: [{ key: merchantFunds(terms), amount: BigInt(amount) }] }),
  void: ({ terms, amount }) => ({ adds: [{ key: payerFunds(terms), amount: BigInt(amount) }] }),
  reclaim: ({ terms }) => ({ adds: [{ key: payerFunds(terms), amount: undefined }] }),
  refund: ({ terms, amount }) => ({
    reads: [standing(terms.merchant)],
    takes: [{ key: merchantFunds(terms), amount: BigInt(amount) }],
    adds: [{ key: payerFunds(terms), amount: BigInt(amount) }],
  }),
  "open-dispute": ({ terms, amount }) => ({
    takes: [{ key: merchantFunds(terms), amount: BigInt(amount) }],
  }),
  contest: ({ disputeId }) => ({ writes: [`dispute ${disputeId}`] }),
  "accept-dispute": ({ disputeId }) => ({ writes: [`dispute ${disputeId}`] }),
  rule: ({ disputeId }) => ({ writes: [`dispute ${disputeId}`] }),
  "finalize-dispute": ({ terms, disputeId }) => ({
    writes: [`dispute ${disputeId}`],
    takes: [{ key: merchantFunds(terms), amount: undefined }],
    adds: [payerFunds(terms), merchantFunds(terms)].map((key) => ({ key, amount: undefined })),
  }),
  "close-cycle": () => ({}),
  "publish-statements": () => ({}),
  payout: () => ({}),
};

function newOrder(terms: OrderTermsJson): Partial<Hazards> {
  const parties = [terms.payer, terms.merchant];
  return {
    reads: parties.flatMap((account) => [standing(account), place(terms.token, account)]),
    takes: [{ key: payerFunds(terms), amount: BigInt(terms.amount) }],
  };
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
