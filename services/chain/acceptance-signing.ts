import type { Hex } from "../domain/order-terms.ts";
import { addressWord, bytes32Word, hashWords, uintWord } from "./abi-words.ts";
import {
  recoverSigner,
  signDigest,
  type TypedDataDomain,
  typedDataDigest,
  typedDataDomain,
  typeHash,
} from "./typed-data.ts";

/** A merchant's consent to an operator; scopes and time as in IParticipantRegistry.sol. */
export type Acceptance = {
  readonly merchant: Hex;
  readonly operator: Hex;
  readonly scopes: number;
  readonly issuedAt: number;
};

const ACCEPTANCE_TYPE_WORD = bytes32Word(
  typeHash("Acceptance(address merchant,address operator,uint8 scopes,uint40 issuedAt)"),
);

/** The domain under which acceptances of a registry are signed. */
export function registryDomain(chainId: number, registry: Hex): TypedDataDomain {
  return typedDataDomain({ name: "RialtoParticipants", version: "1", chainId, verifyingContract: registry });
}

/** The digest that the merchant signs. */
export function acceptanceDigest(acceptance: Acceptance, domain: TypedDataDomain): Hex {
  const words =
    addressWord(acceptance.merchant) +
    addressWord(acceptance.operator) +
    uintWord(acceptance.scopes, 8) +
    uintWord(acceptance.issuedAt, 40);
  return typedDataDigest(domain, hashWords(ACCEPTANCE_TYPE_WORD + words));
}

/** Signs an acceptance as its merchant. */
export function signAcceptance(acceptance: Acceptance, domain: TypedDataDomain, privateKey: Hex): Hex {
  return signDigest(acceptanceDigest(acceptance, domain), privateKey);
}

/** The address that signed an acceptance; undefined if the signature has no valid form. */
export function recoverAcceptanceSigner(
  acceptance: Acceptance,
  domain: TypedDataDomain,
  signature: string,
): Hex | undefined {
  return recoverSigner(acceptanceDigest(acceptance, domain), signature);
}
