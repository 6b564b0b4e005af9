import { Transaction } from "ethers";
import type { Hex } from "../domain/order-terms.ts";
import { addressOfKey, signDigest } from "./typed-data.ts";

/** A transaction before it is signed. Gas in units, fees in wei per gas. No `to` creates a contract. */
export type UnsignedTransaction = {
  readonly chainId: number;
  readonly nonce: number;
  readonly to?: Hex;
  readonly data: Hex;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
};

/** The bytes to send, and the hash by which the chain knows them. */
export type SignedTransaction = { readonly raw: Hex; readonly hash: Hex };

/** Signs for one address: a key in memory now, a keystore or a remote signer where keys must not be in memory. */
export interface Signer {
  readonly address: Hex;
  sign(transaction: UnsignedTransaction): Promise<SignedTransaction>;
}

/** A signer with its key in memory; throws on a key that is none. */
export function createLocalSigner(privateKey: Hex): Signer {
  return {
    address: addressOfKey(privateKey),
    async sign(transaction) {
      const unsigned = Transaction.from({
        type: 2,
        chainId: transaction.chainId,
        nonce: transaction.nonce,
        to: transaction.to ?? null,
        data: transaction.data,
        gasLimit: transaction.gasLimit,
        maxFeePerGas: transaction.maxFeePerGas,
        maxPriorityFeePerGas: 0,
      });
      const signed = unsigned.clone();
      signed.signature = signDigest(unsigned.unsignedHash as Hex, privateKey);
      return { raw: signed.serialized as Hex, hash: signed.hash as Hex };
    },
  };
}
