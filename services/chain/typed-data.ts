import { keccak256, toUtf8Bytes } from "ethers";
import secp256k1 from "secp256k1";
import type { Hex } from "../domain/order-terms.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";

/** Who verifies a signature: the `EIP712Domain` with all four members. `separator` is its hash. */
export type TypedDataDomain = {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Hex;
  readonly separator: Hex;
};

const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const ADDRESS_DIGITS = 40;

/** Half the order of the curve: OpenZeppelin refuses signatures with a larger `s`. */
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** A domain with its separator computed once. */
export function typedDataDomain(options: {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Hex;
}): TypedDataDomain {
  const words =
    bytes32Word(typeHash(DOMAIN_TYPE)) +
    bytes32Word(typeHash(options.name)) +
    bytes32Word(typeHash(options.version)) +
    uintWord(options.chainId, 256) +
    addressWord(options.verifyingContract);
  return { ...options, separator: hashWords(words) };
}

/** The hash of a type's or any other string. */
export function typeHash(text: string): Hex {
  return keccak256(toUtf8Bytes(text)) as Hex;
}

/** What is signed: EIP-712's digest of a struct hash under a domain. */
export function typedDataDigest(domain: TypedDataDomain, structHash: Hex): Hex {
  return hashWords(`1901${bytes32Word(domain.separator)}${bytes32Word(structHash)}`);
}

/** The 65-byte signature (r, s, v) of a digest. */
export function signDigest(digest: Hex, privateKey: Hex): Hex {
  const { signature, recid } = secp256k1.ecdsaSign(toBytes(digest), toBytes(privateKey));
  return `0x${Buffer.from(signature).toString("hex")}${(27 + recid).toString(16)}`;
}

/** The address that signed a digest; undefined for what no contract of ours would accept either. */
export function recoverSigner(digest: Hex, signature: string): Hex | undefined {
  if (!/^0x[0-9a-fA-F]{130}$/.test(signature)) return undefined;
  const bytes = toBytes(signature);
  const recovery = (bytes[64] ?? 0) - 27;
  if (recovery !== 0 && recovery !== 1) return undefined;
  if (BigInt(`0x${signature.slice(66, 130)}`) > MAX_S) return undefined;

  try {
    return addressOf(secp256k1.ecdsaRecover(bytes.subarray(0, 64), recovery, toBytes(digest), false));
  } catch {
    return undefined;
  }
}

/** The address of a private key; throws if it is not a valid one. */
export function addressOfKey(privateKey: Hex): Hex {
  return addressOf(secp256k1.publicKeyCreate(toBytes(privateKey), false));
}

function addressOf(publicKey: Uint8Array): Hex {
  return `0x${keccak256(publicKey.subarray(1)).slice(-ADDRESS_DIGITS)}`;
}

function toBytes(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}
