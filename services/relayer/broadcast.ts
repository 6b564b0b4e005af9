import { fromQuantity } from "../chain/json-rpc.ts";
import type { Receipt } from "../chain/transact.ts";
import type { Hex } from "../domain/order-terms.ts";
import { RetryableError } from "../platform/errors.ts";
import { markBroadcast, type StoredAttempt } from "../store/attempt-store.ts";
import { chunksOf } from "./calls.ts";
import type { RelayerContext } from "./relayer-context.ts";
import { readChainNonces } from "./submission.ts";

/** The chain took transactions in too slowly; they stay as they are and are looked for again. */
export class StillPendingError extends RetryableError {
  readonly count: number;

  constructor(count: number, waitedMs: number, reason: string | undefined) {
    super(
      `${count} transactions were not included within ${waitedMs / 1_000} s${reason ? `: ${reason}` : ""}.`,
    );
    this.name = "StillPendingError";
    this.count = count;
  }
}

/** A nonce of ours was used by a transaction that is not ours: somebody else has the key. The relayer must stop. */
export class ForeignTransactionError extends Error {
  readonly signer: Hex;
  readonly nonce: number;

  constructor(signer: Hex, nonce: number) {
    super(`Nonce ${nonce} of ${signer} was used by a transaction that is not in the database.`);
    this.name = "ForeignTransactionError";
    this.signer = signer;
    this.nonce = nonce;
  }
}

/** When the same bytes are sent again, in milliseconds after the first time. */
const RESEND_AFTER_MS = [5_000, 15_000, 45_000];
/** Transactions under way at a time: what the chain has not taken in yet is not piled up further. */
const MAX_IN_FLIGHT = 250;
const NUDGE_AFTER_MS = 300;
const INCLUDED_WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 400;

/**
 * Sends the bytes of attempts, in this order, and waits until every one of them is included.
 *
 * What a node answers to a send only gets logged: whether a transaction happened is decided by looking its hash up.
 *
 * @throws StillPendingError, ForeignTransactionError; nothing was written.
 */
export async function broadcast(
  context: RelayerContext,
  attempts: readonly StoredAttempt[],
): Promise<Map<Hex, Receipt>> {
  const receipts = new Map<Hex, Receipt>();
  for (const window of chunksOf(attempts, MAX_IN_FLIGHT)) await broadcastWindow(context, window, receipts);
  return receipts;
}

async function broadcastWindow(
  context: RelayerContext,
  attempts: readonly StoredAttempt[],
  receipts: Map<Hex, Receipt>,
): Promise<void> {
  const { store, clock, instanceId } = context;
  let pending = attempts;
  let reason = await send(context, pending);
  await markBroadcast(
    store.db,
    instanceId,
    attempts.map((attempt) => attempt.txHash),
  );

  let waitedMs = 0;
  let resends = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    pending = await collectReceipts(context, pending, receipts);
    if (pending.length === 0) return;
    if (waitedMs >= INCLUDED_WITHIN_MS) throw new StillPendingError(pending.length, waitedMs, reason);

    await clock.sleep(pauseMs, context.signal);
    waitedMs += pauseMs;
    if (waitedMs >= NUDGE_AFTER_MS) await nudge(context);
    if (waitedMs >= (RESEND_AFTER_MS[resends] ?? Number.POSITIVE_INFINITY)) {
      resends += 1;
      await requireOwnNonces(context, pending);
      reason = await send(context, pending);
    }
  }
}

/** Receipts of transactions by hash, absent where the chain has none. */
export async function readReceipts(
  { chain }: Pick<RelayerContext, "chain">,
  txHashes: readonly Hex[],
): Promise<(Receipt | null)[]> {
  return chain.rpc.batch<Receipt | null>(
    txHashes.map((txHash) => ({ method: "eth_getTransactionReceipt", params: [txHash] })),
  );
}

async function send(
  context: RelayerContext,
  attempts: readonly StoredAttempt[],
): Promise<string | undefined> {
  const outcomes = await context.chain.rpc.batchOutcomes<Hex>(
    attempts.map((attempt) => ({ method: "eth_sendRawTransaction", params: [attempt.rawSigned] })),
  );
  const refusals = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.message]));
  if (refusals.length > 0) {
    context.logger.debug({ refused: refusals.length, first: refusals[0] }, "The node refused transactions");
  }
  return refusals[0];
}

/** An anvil that makes blocks on arrival leaves what did not fit into the last block lying until it is asked. */
async function nudge({ chain }: RelayerContext): Promise<void> {
  if (chain.engine.name === "anvil" && chain.engine.canMoveClock) await chain.rpc.request("evm_mine");
}

async function collectReceipts(
  context: RelayerContext,
  pending: readonly StoredAttempt[],
  receipts: Map<Hex, Receipt>,
): Promise<StoredAttempt[]> {
  const found = await readReceipts(
    context,
    pending.map((attempt) => attempt.txHash),
  );
  return pending.filter((attempt, index) => {
    const receipt = found[index] ?? null;
    if (receipt !== null) receipts.set(attempt.txHash, receipt);
    return receipt === null;
  });
}

/** A nonce that is used up while its transaction has no receipt went to another transaction. */
async function requireOwnNonces(context: RelayerContext, pending: readonly StoredAttempt[]): Promise<void> {
  const nonces = await readChainNonces(context, [...new Set(pending.map((attempt) => attempt.signer))]);
  const suspects = pending.filter((attempt) => attempt.nonce < (nonces.get(attempt.signer) ?? 0));
  // Asked after the nonces, so that one included in between is found.
  const receipts = await readReceipts(
    context,
    suspects.map((attempt) => attempt.txHash),
  );
  const foreign = suspects.find((_, index) => receipts[index] === null);
  if (foreign !== undefined) throw new ForeignTransactionError(foreign.signer, foreign.nonce);
}

/** The number of the block of a receipt. */
export function blockNumberOf(receipt: Receipt): number {
  return fromQuantity(receipt.blockNumber);
}
