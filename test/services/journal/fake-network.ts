import { DomainError } from "../../../services/domain/errors.ts";
import { decide } from "../../../services/domain/order.ts";
import type { OrderCommand } from "../../../services/domain/order-command.ts";
import type { OrderPosition } from "../../../services/domain/order-position.ts";
import { type Hex, orderTermsFromJson } from "../../../services/domain/order-terms.ts";
import type {
  FailedOperation,
  JournalApi,
  JournalChain,
  OperationDraft,
  OperationRequest,
  OperationResult,
  OrderReference,
} from "../../../services/journal/journal-api.ts";
import { bothOf, deliveryOf, disputeIdOf, evidenceAfter, orderIdOf, voteOf } from "./fake-signer.ts";

type Order = {
  body: string;
  payer: Hex;
  payerName: string;
  deliveryKey: Hex;
  merchant: Hex;
  position: OrderPosition;
  evidence: Hex;
};
type State = {
  keys: Map<string, { id: string; body: string }>;
  participants: Set<string>;
  addresses: Set<Hex>;
  funds: Map<string, bigint>;
  orders: Map<string, Order>;
};

const CHAIN: JournalChain = {
  operator: `0x${"0a".repeat(20)}`,
  feeReceiver: `0x${"0b".repeat(20)}`,
  arbiterSetId: 1,
  tokens: { BRL: `0x${"0c".repeat(20)}`, USD: `0x${"0d".repeat(20)}` },
  isDevelopment: true,
  chainTime: 1_000_000,
};

/** Proofs and moments that whoever repeats a request makes anew. */
const PROOFS = [
  ...["key", "group", "terms", "issuedAt", "evidence", "signature", "signatures"],
  ...["payerSignature", "merchantSignature", "deliveredAt", "location"],
];

/**
 * A network in memory: a fake of the port, which decides as the API is documented to and executes at once.
 *
 * `failing` are keys that the chain is to refuse although they were accepted.
 */
export function createFakeNetwork(
  options: { chain?: Partial<JournalChain>; failing?: readonly string[] } = {},
) {
  let state: State = {
    ...{ keys: new Map(), participants: new Set(), addresses: new Set() },
    ...{ funds: new Map(), orders: new Map() },
  };
  const failed: FailedOperation[] = [];
  const requests: OperationRequest[][] = [];
  const accepted: OperationDraft[] = [];

  function runGroup(group: readonly OperationRequest[]): OperationResult[] {
    const after = structuredClone(state);
    const results: OperationResult[] = [];
    for (const operation of group) {
      try {
        results.push(run(after, operation));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const problem = { code: error.code, detail: error.message };
        return group.map(({ key }) => ({
          key,
          status: "rejected",
          ...(key === operation.key ? { problem } : {}),
        }));
      }
    }
    state = after;
    group.forEach((operation, index) => {
      if (results[index]?.status === "accepted") accept(operation, results[index].id ?? "");
    });
    return results;
  }

  function accept(operation: OperationRequest, id: string): void {
    accepted.push(operation);
    if (options.failing?.includes(operation.key))
      failed.push({ id, code: "participant_not_active", detail: "" });
  }

  const api: JournalApi = {
    chain: async () => ({ ...CHAIN, ...options.chain }),
    progress: async () => ({
      queued: 0,
      submitted: 0,
      included: state.keys.size,
      failed: failed.length,
      unmirrored: 0,
      lastId: state.keys.size === 0 ? null : `out_${state.keys.size}`,
    }),
    async sendOperations({ operations, stopOnError }) {
      requests.push([...operations]);
      const results: OperationResult[] = [];
      for (let index = 0; index < operations.length; ) {
        const { group } = operations[index] as OperationRequest;
        const end = operations.findIndex((operation, at) => at > index && operation.group !== group);
        const members = operations.slice(index, end === -1 ? undefined : end);
        results.push(...runGroup(members));
        index += members.length;
        if (stopOnError && results.at(-1)?.status === "rejected") return results;
      }
      return results;
    },
    async *failedOperations() {
      yield* failed;
    },
    async findOrder(reference) {
      const order = state.orders.get(orderName(reference));
      if (order === undefined) return undefined;
      const { orderId, captureBy } = order.position;
      return { orderId, captureBy, payerName: order.payerName };
    },
    async latestDispute(reference) {
      const order = state.orders.get(orderName(reference));
      if (order === undefined || order.position.disputeCount === 0) return undefined;
      const disputeId = disputeIdOf(order.position.orderId, order.position.disputeCount);
      return { disputeId, state: order.position.dispute?.state ?? "final", evidence: order.evidence };
    },
  };

  return {
    api,
    requests,
    accepted,
    orders: () => [...state.orders.values()].map(({ position }) => position),
    order: (merchant: string, reference: string) =>
      state.orders.get(orderName({ merchant, reference }))?.position,
    kinds: () => accepted.map(({ kind }) => kind),
    unusedFunds: () => [...state.funds.values()].reduce((sum, amount) => sum + amount, 0n),
  };
}

function run(state: State, operation: OperationRequest): OperationResult {
  const { key } = operation;
  const isProof = (member: string) =>
    PROOFS.includes(member) ? operation.kind !== "cancel" || member !== "terms" : false;
  const body = JSON.stringify(Object.entries(operation).filter(([member]) => !isProof(member)));
  const known = state.keys.get(key);
  if (known !== undefined) {
    if (known.body !== body) throw new DomainError("key_reused", "");
    return { key, id: known.id, status: "replayed" };
  }
  execute(state, operation, body);
  const id = `out_${state.keys.size + 1}`;
  state.keys.set(key, { id, body });
  return { key, id, status: "accepted" };
}

function execute(state: State, operation: OperationRequest, body: string): void {
  switch (operation.kind) {
    case "register":
      state.participants.add(`${operation.participantKind}|${operation.name}`);
      state.addresses.add(operation.address);
      return;
    case "deposit":
      state.funds.set(
        operation.account,
        (state.funds.get(operation.account) ?? 0n) + BigInt(operation.amount),
      );
      return;
    case "authorize":
    case "charge":
      openOrder(state, operation, body);
      return;
    case "accept-operator":
    case "open-account":
    case "mint":
    case "cancel":
    case "close-cycle":
    case "payout":
      return;
    default:
      changeOrder(state, operation);
  }
}

function openOrder(
  state: State,
  operation: OperationRequest & { kind: "authorize" | "charge" },
  body: string,
): void {
  const terms = orderTermsFromJson(operation.terms);
  for (const name of [`merchant|${operation.merchant}`, `payer|${operation.payer}`]) {
    if (!state.participants.has(name)) throw new DomainError("participant_unknown", "");
  }
  const registered = [...state.addresses];
  for (const { payee } of ("splits" in operation && operation.splits) || []) {
    if (!registered.includes(payee)) throw new DomainError("participant_unknown", "");
  }
  const funds = (state.funds.get(terms.payer) ?? 0n) - terms.amount;
  if (funds < 0n) throw new DomainError("insufficient_funds", "");
  if (state.orders.has(orderName(operation))) throw new DomainError("reference_reused", "");

  const command = { kind: operation.kind, orderId: orderIdOf(operation.terms), terms } as const;
  const position = decide(undefined, command, { now: CHAIN.chainTime });
  state.funds.set(terms.payer, funds);
  state.orders.set(orderName(operation), {
    body,
    position,
    payer: terms.payer,
    payerName: operation.payer,
    deliveryKey: terms.deliveryKey,
    merchant: terms.merchant,
    evidence: `0x${"0".repeat(64)}`,
  });
}

type OrderOperation = Extract<OperationRequest, { order: OrderReference }>;

function changeOrder(state: State, operation: OrderOperation): void {
  const order = state.orders.get(orderName(operation.order));
  if (order === undefined) throw new DomainError("order_unknown", "");
  order.position = decide(order.position, commandOf(order, operation), { now: CHAIN.chainTime });

  if (operation.kind === "open-dispute") {
    order.evidence = evidenceAfter(`0x${"0".repeat(64)}`, order.payer, operation.evidenceHash);
  }
  if (operation.kind === "contest") {
    order.evidence = evidenceAfter(order.evidence, order.merchant, operation.evidenceHash);
  }
}

function commandOf(order: Order, operation: OrderOperation): OrderCommand {
  const { orderId, disputeCount, dispute } = order.position;
  switch (operation.kind) {
    case "open-dispute": {
      const { kind, capturedOnly } = operation;
      return {
        kind,
        capturedOnly,
        amount: BigInt(operation.amount),
        disputeId: disputeIdOf(orderId, disputeCount + 1),
      };
    }
    case "rule": {
      const disputeId = disputeIdOf(orderId, disputeCount);
      const vote = voteOf({ disputeId, payerBps: operation.payerBps, evidence: order.evidence });
      if (dispute !== null && vote !== operation.signatures[0]) throw new DomainError("votes_invalid", "");
      return { kind: operation.kind, payerBps: operation.payerBps };
    }
    case "refund":
      return { kind: operation.kind, amount: BigInt(operation.amount) };
    case "deliver":
      requireEqual(operation.signature, deliveryOf(orderId, order.deliveryKey));
      return { kind: operation.kind, deliveredAt: operation.deliveredAt };
    case "extend": {
      const { payerName: payer } = order;
      const merchant = operation.order.merchant;
      requireEqual(
        operation.payerSignature,
        bothOf("extension", { payer, merchant, orderId }).payerSignature,
      );
      return { kind: operation.kind, captureBy: operation.captureBy };
    }
    case "offer":
    case "agree": {
      const { kind, amount, deadline } = operation;
      const parties = { payer: order.payerName, merchant: operation.order.merchant };
      const { payerSignature } = bothOf("settlement", {
        ...parties,
        disputeId: disputeIdOf(orderId, disputeCount),
      });
      if (kind === "agree" && dispute !== null) requireEqual(operation.payerSignature, payerSignature);
      return { kind, amount: BigInt(amount), deadline };
    }
    case "capture":
    case "void":
      return operation.amount === undefined
        ? { kind: operation.kind }
        : { kind: operation.kind, amount: BigInt(operation.amount) };
    default:
      return { kind: operation.kind };
  }
}

function requireEqual(actual: Hex, expected: Hex): void {
  if (actual !== expected) throw new DomainError("signature_invalid", "");
}

function orderName({ merchant, reference }: OrderReference): string {
  return JSON.stringify([merchant, reference]);
}
