import { keccak256 } from "ethers";
import type { Hex } from "../domain/order-terms.ts";
import { encodeRlp, type RlpItem, rlpInteger } from "./rlp.ts";
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

const EIP1559_TYPE = 2;

/** A signer with its key in memory; throws on a key that is none. */
export function createLocalSigner(privateKey: Hex): Signer {
  return {
    address: addressOfKey(privateKey),
    async sign(transaction) {
      const fields = fieldsOf(transaction);
      const digest = keccak256(serialize(fields)) as Hex;
      const signature = Buffer.from(signDigest(digest, privateKey).slice(2), "hex");
      const raw = serialize([
        ...fields,
        rlpInteger((signature[64] ?? 0) - 27),
        withoutLeadingZeros(signature.subarray(0, 32)),
        withoutLeadingZeros(signature.subarray(32, 64)),
      ]);
      return { raw: `0x${raw.toString("hex")}`, hash: keccak256(raw) as Hex };
    },
  };
}

/** The members of an EIP-1559 transaction; nothing is paid to be first. */
function fieldsOf(transaction: UnsignedTransaction): RlpItem[] {
  const { chainId, nonce, maxFeePerGas, gasLimit, to = "0x", data } = transaction;
  const noPriorityFee = rlpInteger(0);
  const noValue = rlpInteger(0);
  const noAccessList: RlpItem = [];
  return [
    rlpInteger(chainId),
    rlpInteger(nonce),
    noPriorityFee,
    rlpInteger(maxFeePerGas),
    rlpInteger(gasLimit),
    Buffer.from(to.slice(2), "hex"),
    noValue,
    Buffer.from(data.slice(2), "hex"),
    noAccessList,
  ];
}

function serialize(fields: readonly RlpItem[]): Buffer {
  return Buffer.concat([Buffer.from([EIP1559_TYPE]), encodeRlp(fields)]);
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
}
