import { CONTRACT_ARTIFACTS } from "../chain/abi.ts";
import { fromQuantity, type RpcCall, toQuantity } from "../chain/json-rpc.ts";
import { decodeRevert, type Refusal, refusalOf } from "../chain/reverts.ts";
import type { Receipt } from "../chain/transact.ts";
import type { Hex } from "../domain/order-terms.ts";
import type { StoredAttempt } from "../store/attempt-store.ts";
import { type AttemptOutcome, type EntryOutcome, recordOutcomes } from "../store/outcome-store.ts";
import { blockNumberOf } from "./broadcast.ts";
import type { RelayerContext } from "./relayer-context.ts";

const LEDGER = CONTRACT_ARTIFACTS.settlementLedger.abi;
const SKIPPED_TOPIC = LEDGER.getEvent("OrderSkipped")?.topicHash;

/** Writes what became of included attempts and of the entries they carried, in one transaction. */
export async function recordReceipts(
  context: RelayerContext,
  attempts: readonly StoredAttempt[],
  receipts: ReadonlyMap<Hex, Receipt>,
): Promise<void> {
  const { store, instanceId, clock } = context;
  const included = attempts.flatMap((attempt) => {
    const receipt = receipts.get(attempt.txHash);
    return receipt === undefined ? [] : [{ attempt, receipt }];
  });
  const timestamps = await readTimestamps(context, [
    ...new Set(included.map(({ receipt }) => receipt.blockNumber)),
  ]);
  const refusals = await explainReverts(context, included);
  const outcomes = included.map(({ receipt }) => toAttemptOutcome(receipt, timestamps));
  const entries = new Map<number, EntryOutcome>();
  for (const { attempt, receipt } of included) {
    const skipped = skippedOrders(receipt, context.chain.deployment.contracts.settlementLedger.address);
    for (const { id, orderId } of attempt.entries) {
      const error = refusals.get(attempt.txHash) ?? (orderId === null ? undefined : skipped.get(orderId));
      entries.set(
        id,
        mergeOutcome(entries.get(id), { id, blockNumber: blockNumberOf(receipt), ...(error && { error }) }),
      );
    }
  }

  await store.transaction((trx) =>
    recordOutcomes(trx, { instanceId, attempts: outcomes, entries: [...entries.values()], now: clock.now() }),
  );
}

/** An entry with several transactions stands in the last one's block, and failed if one of them did. */
function mergeOutcome(left: EntryOutcome | undefined, right: EntryOutcome): EntryOutcome {
  if (left === undefined) return right;
  const error = left.error ?? right.error;
  const blockNumber = Math.max(left.blockNumber ?? 0, right.blockNumber ?? 0);
  return { id: right.id, blockNumber, ...(error && { error }) };
}

function toAttemptOutcome(receipt: Receipt, timestamps: ReadonlyMap<string, number>): AttemptOutcome {
  return {
    txHash: receipt.transactionHash,
    state: receipt.status === "0x1" ? "included" : "reverted",
    blockNumber: blockNumberOf(receipt),
    blockHash: receipt.blockHash,
    blockTimestamp: timestamps.get(receipt.blockNumber) ?? 0,
    txIndex: fromQuantity(receipt.transactionIndex),
    gasUsed: fromQuantity(receipt.gasUsed),
  };
}

/** Items that a batch passed over, by order. */
function skippedOrders(receipt: Receipt, ledger: Hex): ReadonlyMap<Hex, Refusal> {
  const skipped = new Map<Hex, Refusal>();
  for (const log of receipt.logs) {
    const [topic, orderId] = log.topics;
    if (topic !== SKIPPED_TOPIC || orderId === undefined || log.address.toLowerCase() !== ledger) continue;
    const { reason } = LEDGER.decodeEventLog("OrderSkipped", log.data, log.topics);
    skipped.set(orderId, decodeRevert(reason));
  }
  return skipped;
}

async function readTimestamps(
  { chain }: RelayerContext,
  blockNumbers: readonly string[],
): Promise<Map<string, number>> {
  const blocks = await chain.rpc.batch<{ timestamp: string } | null>(
    blockNumbers.map((number): RpcCall => ({ method: "eth_getBlockByNumber", params: [number, false] })),
  );
  return new Map(
    blockNumbers.map((number, index) => [number, fromQuantity(blocks[index]?.timestamp ?? "0x0")]),
  );
}

/** A receipt does not say why a transaction failed, so it is run again on the state of the block before. */
async function explainReverts(
  { chain }: RelayerContext,
  included: readonly { readonly attempt: StoredAttempt; readonly receipt: Receipt }[],
): Promise<Map<Hex, Refusal>> {
  const reverted = included.filter(({ receipt }) => receipt.status !== "0x1");
  const transactions = await chain.rpc.batch<{ to: Hex; input: Hex; gas: string }>(
    reverted.map(({ attempt }) => ({ method: "eth_getTransactionByHash", params: [attempt.txHash] })),
  );
  const outcomes = await chain.rpc.batchOutcomes<Hex>(
    reverted.map(({ attempt, receipt }, index) => {
      const { to, input, gas } = transactions[index] ?? {};
      const before = toQuantity(Math.max(0, blockNumberOf(receipt) - 1));
      return { method: "eth_call", params: [{ from: attempt.signer, to, data: input, gas }, before] };
    }),
  );
  const unknown: Refusal = { code: "chain_rejected", context: { error: "no reason given" } };
  return new Map(
    reverted.map(({ attempt }, index) => {
      const outcome = outcomes[index];
      const refusal = outcome === undefined || outcome.ok ? undefined : refusalOf(outcome.error);
      return [attempt.txHash, refusal ?? unknown];
    }),
  );
}
