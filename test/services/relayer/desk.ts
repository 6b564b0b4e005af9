import { readHead } from "../../../services/chain/chain.ts";
import { contractSetHash } from "../../../services/chain/deployment.ts";
import { disputeIdOf, evidenceAfter, NO_EVIDENCE } from "../../../services/chain/dispute-signing.ts";
import { ledgerDomain, orderIdOf } from "../../../services/chain/order-signing.ts";
import type { Operation } from "../../../services/domain/operation.ts";
import {
  type Hex,
  type OrderTerms,
  type OrderTermsJson,
  orderTermsFromJson,
  orderTermsToJson,
} from "../../../services/domain/order-terms.ts";
import { createMirror, type Mirror } from "../../../services/mirror/mirror.ts";
import { type Clock, createSystemClock } from "../../../services/platform/clock.ts";
import { createLogger } from "../../../services/platform/logger.ts";
import { createRelayer, type Relayer } from "../../../services/relayer/relayer.ts";
import type { RelayerContext } from "../../../services/relayer/relayer-context.ts";
import { openInstance } from "../../../services/store/block-store.ts";
import { insertEntries } from "../../../services/store/outbox-store.ts";
import type { Store } from "../../../services/store/store.ts";
import type { LocalNetwork } from "../../support/local-network.ts";

/** A signed order, ready to be authorized. */
export type DeskOrder = { readonly terms: OrderTerms; readonly orderId: Hex; readonly signature: Hex };

/** What a test reads of an entry. */
export type EntryRow = {
  readonly kind: string;
  readonly state: string;
  readonly error_code: string | null;
  readonly block_number: number | null;
};

/** Puts operations into the outbox of a network and looks at what becomes of them. */
export type Desk = {
  readonly store: Store;
  readonly network: LocalNetwork;
  readonly instanceId: number;
  readonly context: RelayerContext;
  readonly mirror: Mirror;
  relayer(): Relayer;
  queue(operations: readonly Operation[]): Promise<void>;
  /** Operations that register, open and fund participants. */
  onboarding(people: {
    readonly merchants: readonly string[];
    readonly payers: readonly string[];
    readonly funds: bigint;
  }): Promise<Operation[]>;
  order(terms: {
    readonly payer: string;
    readonly merchant: string;
    readonly amount: bigint;
    /** What else of the terms is not the usual. */
    readonly given?: Partial<OrderTerms>;
  }): Promise<DeskOrder>;
  /** Every entry, in order of id. */
  entries(): Promise<EntryRow[]>;
};

/** The longest that the ledger holds money: 180 days, in seconds. */
const HALF_YEAR = 180 * 86_400;
const DOCUMENT: Hex = `0x${"d0".repeat(32)}`;
const ZERO_HASH: Hex = `0x${"0".repeat(64)}`;
const ZERO_ADDRESS: Hex = `0x${"0".repeat(40)}`;

export async function createDesk(options: {
  readonly network: LocalNetwork;
  readonly store: Store;
  readonly clock?: Clock;
}): Promise<Desk> {
  const { network, store, clock = createSystemClock() } = options;
  const { chain, token, signers, participants } = network;
  const { deployment, rpc } = chain;
  const logger = createLogger({ level: "silent", role: "test" });
  const instanceId = await store.transaction((trx) =>
    openInstance(trx, {
      chainId: deployment.chainId,
      genesisHash: deployment.genesisHash,
      contractSetHash: contractSetHash(deployment),
      now: clock.now(),
    }),
  );
  const context: RelayerContext = { store, chain, signers, clock, logger, instanceId };
  const mirror = await createMirror({
    ...{ store, rpc, deployment, clock, logger },
    ...{ finalityDepthBlocks: 1_000, pollIntervalMs: 10 },
  });
  const domain = ledgerDomain(deployment.chainId, deployment.contracts.settlementLedger.address);
  const idOf = (terms: OrderTermsJson): Hex => orderIdOf(orderTermsFromJson(terms), domain);
  let keys = 0;

  return {
    ...{ store, network, instanceId, context, mirror },
    relayer: () => createRelayer({ ...context, pollIntervalMs: 10 }),

    async queue(operations) {
      const entries = operations.map((operation) => ({
        opKey: `test ${keys++}`,
        bodyHash: "",
        operation,
        orderId: "terms" in operation.payload ? idOf(operation.payload.terms) : null,
        disputeId: "disputeId" in operation.payload ? operation.payload.disputeId : null,
      }));
      await store.transaction((trx) => insertEntries(trx, instanceId, entries, clock.now()));
    },

    async onboarding({ merchants, payers, funds }) {
      const { timestamp } = await readHead(rpc);
      const { operator } = deployment;
      const accounts = [
        ...merchants.map((name) => ({ kind: "merchant" as const, name })),
        ...payers.map((name) => ({ kind: "payer" as const, name })),
      ].map(({ kind, name }) => ({ kind, name, address: participants.addressOf(kind, name) }));
      return [
        ...accounts.map(
          ({ kind, address }): Operation => ({
            kind: "register",
            payload: {
              address,
              participantKind: kind,
              kycLevel: 1,
              kycUntil: timestamp + 20 * HALF_YEAR,
              payoutAddress: ZERO_ADDRESS,
            },
          }),
        ),
        ...merchants.map((merchant): Operation => {
          const acceptance = { merchant, operator, scopes: 7, issuedAt: timestamp };
          const signature = participants.signAcceptance(acceptance);
          const address = participants.addressOf("merchant", merchant);
          return { kind: "accept-operator", payload: { ...acceptance, merchant: address, signature } };
        }),
        ...accounts.map(
          ({ address }): Operation => ({
            kind: "open-account",
            payload: { operator, token, account: address },
          }),
        ),
        ...payers.flatMap((payer, index): Operation[] => [
          {
            kind: "mint",
            payload: {
              token,
              to: signers.issuer.address,
              amount: funds.toString(),
              bankReference: `0x${(BigInt(keys) * 1_000_000n + BigInt(index) + 1n).toString(16).padStart(64, "0")}`,
            },
          },
          {
            kind: "deposit",
            payload: {
              operator,
              token,
              account: participants.addressOf("payer", payer),
              amount: funds.toString(),
            },
          },
        ]),
      ];
    },

    async order({ payer, merchant, amount, given }) {
      const { timestamp } = await readHead(rpc);
      const terms: OrderTerms = {
        payer: participants.addressOf("payer", payer),
        merchant: participants.addressOf("merchant", merchant),
        operator: deployment.operator,
        token,
        amount,
        fixedFee: 0n,
        feeBps: 500,
        feeReceiver: deployment.feeReceiver,
        splitsHash: ZERO_HASH,
        authorizeBy: timestamp + HALF_YEAR - 2,
        captureBy: timestamp + HALF_YEAR - 2,
        reclaimFrom: timestamp + HALF_YEAR - 1,
        refundBy: timestamp + 2 * HALF_YEAR - 2,
        disputeWindow: HALF_YEAR,
        defaultPayerBps: 5_000,
        arbiterSetId: deployment.arbiterSetId,
        holdbackClass: 0,
        deliveryKey: ZERO_ADDRESS,
        merchantMayCapture: false,
        commitment: ZERO_HASH,
        nonce: BigInt(++keys),
        ...given,
      };
      return { terms, ...participants.signOrder({ payer, terms }) };
    },

    async entries() {
      return store.db
        .selectFrom("outbox_entry")
        .select(["kind", "state", "error_code", "block_number"])
        .where("instance_id", "=", instanceId)
        .orderBy("id")
        .execute();
    },
  };
}

/** Operations on an order, for tests that name only what they are about. */
export const operations = {
  authorize: ({ terms, signature }: DeskOrder): Operation => ({
    kind: "authorize",
    payload: { terms: orderTermsToJson(terms), signature },
  }),
  charge: ({ terms, signature }: DeskOrder): Operation => ({
    kind: "charge",
    payload: { terms: orderTermsToJson(terms), signature },
  }),
  capture: ({ terms }: DeskOrder, amount = terms.amount): Operation => ({
    kind: "capture",
    payload: { terms: orderTermsToJson(terms), amount: amount.toString() },
  }),
  void: ({ terms }: DeskOrder, amount = terms.amount): Operation => ({
    kind: "void",
    payload: { terms: orderTermsToJson(terms), amount: amount.toString() },
  }),
  refund: ({ terms }: DeskOrder, amount: bigint): Operation => ({
    kind: "refund",
    payload: { terms: orderTermsToJson(terms), amount: amount.toString() },
  }),
  reclaim: ({ terms }: DeskOrder): Operation => ({
    kind: "reclaim",
    payload: { terms: orderTermsToJson(terms) },
  }),
  openDispute: ({ terms, orderId }: DeskOrder, amount: bigint): Operation => ({
    kind: "open-dispute",
    payload: {
      terms: orderTermsToJson(terms),
      amount: amount.toString(),
      reason: "not_as_described",
      evidenceHash: DOCUMENT,
      disputeId: disputeIdOf(orderId, 1),
    },
  }),
  contest: ({ terms, orderId }: DeskOrder): Operation => ({
    kind: "contest",
    payload: {
      terms: orderTermsToJson(terms),
      disputeId: disputeIdOf(orderId, 1),
      evidenceHash: DOCUMENT,
    },
  }),
  acceptDispute: ({ terms, orderId }: DeskOrder): Operation => ({
    kind: "accept-dispute",
    payload: { terms: orderTermsToJson(terms), disputeId: disputeIdOf(orderId, 1) },
  }),
  /** The panel's ruling on a dispute that was contested with the document of these operations. */
  rule: ({ terms, orderId }: DeskOrder, payerBps: number, { participants }: LocalNetwork): Operation => {
    const disputeId = disputeIdOf(orderId, 1);
    const opened = evidenceAfter(NO_EVIDENCE, terms.payer, DOCUMENT);
    const evidence = evidenceAfter(opened, terms.merchant, DOCUMENT);
    const signatures = participants.signVotes({ disputeId, payerBps, evidence });
    const payload = { terms: orderTermsToJson(terms), disputeId, payerBps, evidence, signatures };
    return { kind: "rule", payload };
  },
  finalizeDispute: ({ terms, orderId }: DeskOrder): Operation => ({
    kind: "finalize-dispute",
    payload: { terms: orderTermsToJson(terms), disputeId: disputeIdOf(orderId, 1) },
  }),
  closeCycle: (): Operation => ({ kind: "close-cycle", payload: {} }),
  publishStatements: (): Operation => ({ kind: "publish-statements", payload: {} }),
  payout: (): Operation => ({ kind: "payout", payload: {} }),
};
