import { readHead } from "../chain/chain.ts";
import { fromQuantity } from "../chain/json-rpc.ts";
import type { Signer } from "../chain/signer.ts";
import type { Hex } from "../domain/order-terms.ts";
import { insertAttempts, NOWHERE, readHighestNonces, type StoredAttempt } from "../store/attempt-store.ts";
import type { PlannedCall } from "./calls.ts";
import type { RelayerContext, RelayerSigners } from "./relayer-context.ts";

/**
 * Gives calls their nonces and signs them, and commits slots, bytes and links before anything is sent: from here on a
 * nonce belongs to these bytes for ever.
 *
 * Nonces are derived, never counted: the next one of the chain, or the one after the highest ever used if that is
 * higher. On a chain with prices these fees bound what is paid; nothing is paid to be first.
 */
export async function signCalls(
  context: RelayerContext,
  calls: readonly PlannedCall[],
): Promise<StoredAttempt[]> {
  const { store, chain, signers, instanceId, clock } = context;
  const used = new Set(calls.map((call) => signerOf(signers, call)));
  const nonces = await nextNonces(context, [...used]);
  const { baseFee } = await readHead(chain.rpc);
  const attempts: StoredAttempt[] = [];
  for (const call of calls) {
    const signer = signerOf(signers, call);
    const nonce = nonces.get(signer.address) ?? 0;
    nonces.set(signer.address, nonce + 1);
    const { raw, hash } = await signer.sign({
      chainId: chain.chainId,
      nonce,
      to: call.to,
      data: call.data,
      gasLimit: call.gasLimit,
      maxFeePerGas: 2n * baseFee,
    });
    attempts.push({
      txHash: hash,
      signer: signer.address,
      nonce,
      rawSigned: raw,
      entries: call.entries.map(({ id, orderId }) => ({ id, orderId })),
      state: "signed",
      ...NOWHERE,
    });
  }
  await store.transaction((trx) => insertAttempts(trx, { instanceId, attempts, now: clock.now() }));
  return attempts;
}

function signerOf(signers: RelayerSigners, { lane }: PlannedCall): Signer {
  const signer = signers[lane];
  if (signer === undefined) throw new RangeError(`Nobody signs for the lane ${lane} here.`);
  return signer;
}

/** The next nonce of each signer as the chain counts them. */
export async function readChainNonces(
  { chain }: Pick<RelayerContext, "chain">,
  addresses: readonly Hex[],
): Promise<Map<Hex, number>> {
  const counts = await chain.rpc.batch<string>(
    addresses.map((address) => ({ method: "eth_getTransactionCount", params: [address, "latest"] })),
  );
  return new Map(addresses.map((address, index) => [address, fromQuantity(counts[index] ?? "0x0")]));
}

async function nextNonces(context: RelayerContext, signers: readonly Signer[]): Promise<Map<Hex, number>> {
  const addresses = [...new Set(signers.map((signer) => signer.address))];
  const nonces = await readChainNonces(context, addresses);
  const highest = await readHighestNonces(context.store.db, context.instanceId);
  for (const [address, nonce] of nonces)
    nonces.set(address, Math.max(nonce, (highest.get(address) ?? -1) + 1));
  return nonces;
}
