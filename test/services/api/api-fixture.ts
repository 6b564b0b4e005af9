import type { Insertable } from "kysely";
import { type ApiChain, type Network, tokenOf } from "../../../services/api/api-chain.ts";
import { createApp } from "../../../services/api/app.ts";
import { registryDomain, signAcceptance } from "../../../services/chain/acceptance-signing.ts";
import { developmentParticipantKey } from "../../../services/chain/development-keys.ts";
import { ledgerDomain, signOrder } from "../../../services/chain/order-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { orderTermsToJson } from "../../../services/domain/order-terms.ts";
import type { Clock } from "../../../services/platform/clock.ts";
import { RetryableError } from "../../../services/platform/errors.ts";
import { createLogger } from "../../../services/platform/logger.ts";
import type { EscrowOrderTable } from "../../../services/store/projection-schema.ts";
import type { Store } from "../../../services/store/store.ts";
import { listen, type TestServer } from "../../support/http.ts";

export const CHAIN_ID = 31337;

/** The moment at which these tests take place, in Unix seconds. */
export const NOW = 1_800_000_000;

const DAY = 86_400;

export const network: Network = {
  chainId: CHAIN_ID,
  engine: "hardhat",
  isDevelopment: true,
  ledger: hexOf("a1", 20),
  registry: hexOf("a2", 20),
  court: hexOf("a3", 20),
  contracts: { settlementLedger: hexOf("a1", 20) },
  operator: hexOf("b1", 20),
  feeReceiver: hexOf("b1", 20),
  issuer: hexOf("b2", 20),
  arbiterSetId: 1,
  arbiters: [hexOf("c1", 20)],
  tokens: { BRL: hexOf("d1", 20), EUR: hexOf("d2", 20) },
};

/** An API on a real port and database. The chain behind it is a port that stands still: no contract is asked. */
export type ApiFixture = TestServer & {
  readonly store: Store;
  readonly instanceId: number;
  /** Asks for operations and gives their results. */
  operations(...operations: object[]): Promise<Result[]>;
  /** Lets the RPC fail from now on, or not. */
  setReachable(isReachable: boolean): void;
};

export type Result = {
  key: string;
  status: "accepted" | "replayed" | "rejected";
  id?: string;
  problem?: { code: string; field?: string; errors?: { pointer: string }[] };
};

export async function startApiFixture(store: Store, options: { token?: string } = {}): Promise<ApiFixture> {
  const instanceId = await mirrorInstance(store);
  let isReachable = true;
  const chain: ApiChain = {
    network,
    async head() {
      if (!isReachable) throw new RetryableError("The node is down.");
      return { number: 10, timestamp: NOW };
    },
  };
  const logger = createLogger({ level: "silent", role: "test" });
  const server = await listen(createApp({ store, chain, clock: standingClock, logger, ...options }));
  return {
    ...server,
    store,
    instanceId,
    setReachable(value) {
      isReachable = value;
    },
    async operations(...operations) {
      const { body } = await server.send<{ results: Result[] }>("POST", "/v1/operations", {
        body: { operations },
      });
      return body.results;
    },
  };
}

export const standingClock: Clock = { now: () => new Date(NOW * 1_000), sleep: async () => undefined };

export function register(kind: "payer" | "merchant", name: string) {
  return {
    key: `register:${kind}:${name}`,
    kind: "register",
    participantKind: kind,
    name,
    address: addressOf(kind, name),
  };
}

export function acceptance(merchant: string, signer = merchant) {
  const domain = registryDomain(CHAIN_ID, network.registry);
  const accepted = { operator: network.operator, scopes: 7, issuedAt: NOW };
  const key = developmentParticipantKey(CHAIN_ID, "merchant", signer);
  const signature = signAcceptance({ ...accepted, merchant: addressOf("merchant", merchant) }, domain, key);
  return { key: `accept:${merchant}`, kind: "accept-operator", merchant, ...accepted, signature };
}

/** An authorize of 10.00 BRL by alice at bookshop, with what a test changes of it. */
export function authorize(
  reference: string,
  change: {
    key?: string;
    kind?: "authorize" | "charge";
    merchant?: string;
    payer?: string;
    signer?: string;
    currency?: string;
    amount?: string;
    terms?: Partial<OrderTerms>;
  } = {},
) {
  const {
    kind = "authorize",
    merchant = "bookshop",
    payer = "alice",
    currency = "BRL",
    amount = "1000",
  } = change;
  const terms: OrderTerms = {
    payer: addressOf("payer", payer),
    merchant: addressOf("merchant", merchant),
    operator: network.operator,
    token: tokenOf(network, currency) ?? hexOf("dd", 20),
    amount: /^[0-9]+$/.test(amount) ? BigInt(amount) : 1_000n,
    fixedFee: 0n,
    feeBps: 500,
    feeReceiver: network.feeReceiver,
    splitsHash: hexOf("00", 32),
    authorizeBy: NOW + DAY,
    captureBy: NOW + 2 * DAY,
    reclaimFrom: NOW + 3 * DAY,
    refundBy: NOW + 60 * DAY,
    disputeWindow: 30 * DAY,
    defaultPayerBps: 5_000,
    arbiterSetId: 1,
    holdbackClass: 0,
    deliveryKey: hexOf("00", 20),
    merchantMayCapture: true,
    commitment: `0x${Buffer.from(reference).toString("hex").padEnd(64, "0").slice(0, 64)}`,
    nonce: 0n,
    ...change.terms,
  };
  const key = developmentParticipantKey(CHAIN_ID, "payer", change.signer ?? payer);
  const { orderId, signature } = signOrder(terms, ledgerDomain(CHAIN_ID, network.ledger), key);
  return {
    orderId,
    terms,
    operation: {
      key: change.key ?? `order:${merchant}:${reference}`,
      ...{ kind, reference, merchant, payer, currency, amount },
      terms: orderTermsToJson(terms),
      signature,
    },
  };
}

/** An operation on alice's order at bookshop. */
export function onOrder(key: string, kind: string, reference: string, rest: object = {}) {
  return { key, kind, order: { merchant: "bookshop", reference }, ...rest };
}

/** Writes an order's row as the mirror would after an authorization in block 1. */
export async function mirrorOrder(
  { store, instanceId }: Pick<ApiFixture, "store" | "instanceId">,
  order: { orderId: Hex; terms: OrderTerms },
  change: Partial<Insertable<EscrowOrderTable>> = {},
): Promise<void> {
  const { terms } = order;
  await store.db
    .insertInto("escrow_order")
    .values({
      instance_id: instanceId,
      order_id: order.orderId,
      operator: terms.operator,
      merchant: terms.merchant,
      payer: terms.payer,
      token: terms.token,
      fee_bps: terms.feeBps,
      fixed_fee: terms.fixedFee.toString(),
      amount: terms.amount.toString(),
      ...{ captured: "0", voided: "0", reclaimed: "0", refunded: "0", awarded: "0", fees: "0" },
      capturable: terms.amount.toString(),
      refundable: "0",
      state: "authorized",
      ...{ cycle: 0, captured_at: 0, is_disputed: false, dispute_count: 0, word: hexOf("01", 32) },
      ...{ block_hash: hexOf("e1", 32), block_number: 1, log_index: 0, tx_hash: hexOf("f1", 32) },
      ...change,
    })
    .execute();
}

/** Writes a participant's standing as the mirror would. */
export async function mirrorParticipant(
  { store, instanceId }: Pick<ApiFixture, "store" | "instanceId">,
  kind: "payer" | "merchant",
  name: string,
  status: string,
): Promise<void> {
  const address = addressOf(kind, name);
  await store.db
    .insertInto("chain_participant")
    .values({
      ...{ instance_id: instanceId, address, kind, status, kyc_until: 2 ** 40 - 1, payout_address: address },
      ...{ block_number: 1, log_index: 0 },
    })
    .execute();
}

export function addressOf(kind: "payer" | "merchant", name: string): Hex {
  return addressOfKey(developmentParticipantKey(CHAIN_ID, kind, name));
}

export function hexOf(byte: string, length: number): Hex {
  return `0x${byte.repeat(length)}`;
}

async function mirrorInstance(store: Store): Promise<number> {
  const { id } = await store.db
    .insertInto("chain_instance")
    .values({
      ...{ chain_id: CHAIN_ID, genesis_hash: hexOf("00", 32), contract_set_hash: hexOf("00", 32) },
      first_seen: standingClock.now(),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await store.db
    .insertInto("chain_cursor")
    .values({ instance_id: id, head_number: 10, head_hash: hexOf("10", 32), final_number: 5, epoch: 1 })
    .execute();
  return id;
}
