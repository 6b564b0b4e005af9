import type { Hex } from "../domain/order-terms.ts";
import type { Clock } from "../platform/clock.ts";
import { RetryableError } from "../platform/errors.ts";
import { readHead } from "./chain.ts";
import { fromQuantity, type JsonRpc } from "./json-rpc.ts";
import type { Signer } from "./signer.ts";

/** What a node tells about an included transaction, as far as we ask. */
export type Receipt = {
  readonly transactionHash: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: string;
  readonly transactionIndex: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly contractAddress: Hex | null;
  readonly logs: readonly { readonly address: Hex; readonly topics: readonly Hex[]; readonly data: Hex }[];
};

/** The node took a transaction but did not include it in time. */
export class NotIncludedError extends RetryableError {
  readonly txHash: Hex;

  constructor(txHash: Hex, waitedMs: number) {
    super(`Transaction ${txHash} was not included within ${waitedMs / 1_000} s.`);
    this.name = "NotIncludedError";
    this.txHash = txHash;
  }
}

/** A transaction was included and failed. */
export class TransactionRevertedError extends Error {
  readonly txHash: Hex;

  constructor(txHash: Hex) {
    super(`Transaction ${txHash} was included, but failed.`);
    this.name = "TransactionRevertedError";
    this.txHash = txHash;
  }
}

const INCLUDED_WITHIN_MS = 60_000;
const LONGEST_PAUSE_MS = 500;

/**
 * Sends one transaction and waits until it is included: for deploying and wiring, where nothing is remembered between
 * runs. Operations of the network go through the relayer.
 *
 * @throws RpcError if the call would revert, NotIncludedError, TransactionRevertedError.
 */
export async function transact(options: {
  readonly rpc: JsonRpc;
  readonly clock: Clock;
  readonly chainId: number;
  readonly signer: Signer;
  readonly to?: Hex;
  readonly data: Hex;
}): Promise<Receipt> {
  const { rpc, clock, chainId, signer, to, data } = options;
  const call = { from: signer.address, data, ...(to === undefined ? {} : { to }) };
  const [nonce = "0x0", gas = "0x0"] = await rpc.batch<string>([
    { method: "eth_getTransactionCount", params: [signer.address, "latest"] },
    { method: "eth_estimateGas", params: [call] },
  ]);
  const head = await readHead(rpc);
  const signed = await signer.sign({
    chainId,
    nonce: fromQuantity(nonce),
    ...(to === undefined ? {} : { to }),
    data,
    // A tenth more, because what an estimate leaves to inner calls is tight.
    gasLimit: (BigInt(gas) * 11n) / 10n,
    maxFeePerGas: 2n * head.baseFee,
  });
  await rpc.request("eth_sendRawTransaction", [signed.raw]);

  const receipt = await waitForReceipt(rpc, clock, signed.hash);
  if (receipt.status !== "0x1") throw new TransactionRevertedError(signed.hash);
  return receipt;
}

async function waitForReceipt(rpc: JsonRpc, clock: Clock, txHash: Hex): Promise<Receipt> {
  let waitedMs = 0;
  for (let pauseMs = 2; waitedMs < INCLUDED_WITHIN_MS; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const receipt = await rpc.request<Receipt | null>("eth_getTransactionReceipt", [txHash]);
    if (receipt !== null) return receipt;

    await clock.sleep(pauseMs);
    waitedMs += pauseMs;
  }
  throw new NotIncludedError(txHash, waitedMs);
}
