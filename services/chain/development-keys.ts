import { HDNodeWallet, Mnemonic } from "ethers";
import type { Hex, OrderTerms } from "../domain/order-terms.ts";
import { registryDomain, signAcceptance } from "./acceptance-signing.ts";
import {
  cancelDigest,
  type Delivery,
  deliveryDigest,
  type Extension,
  extensionDigest,
  splitsHashOf,
} from "./consent-signing.ts";
import {
  courtDomain,
  disputeIdOf,
  evidenceAfter,
  FIRST_ROUND,
  type Settlement,
  settlementDigest,
  signVotes,
} from "./dispute-signing.ts";
import { ledgerDomain, signOrder } from "./order-signing.ts";
import { addressOfKey, signDigest, typeHash } from "./typed-data.ts";

const DEVELOPMENT_CHAIN_IDS: readonly number[] = [31337, 1337];

/** Known to everybody: local nodes fund its accounts. */
const MNEMONIC = "test test test test test test test test test test test junk";

/** Votes that arbiter set 1 of a development network asks for. */
export const DEVELOPMENT_THRESHOLD = 2;

/** The private keys of a development network's actors. The operator is also the fee receiver. */
export type DevelopmentKeys = {
  readonly deployer: Hex;
  readonly operator: Hex;
  readonly registrar: Hex;
  readonly issuer: Hex;
  readonly settler: Hex;
  readonly arbiters: readonly Hex[];
  readonly guardian: Hex;
};

/** Whether keys may be derived from what anybody knows: only on a chain id of local nodes. */
export function isDevelopmentChain(chainId: number): boolean {
  return DEVELOPMENT_CHAIN_IDS.includes(chainId);
}

/** Accounts 0 to 8 of the test mnemonic; throws `PublicKeyForbiddenError` on any other than a development chain. */
export function developmentKeys(chainId: number): DevelopmentKeys {
  requireDevelopmentChain(chainId);
  return {
    deployer: accountKey(0),
    operator: accountKey(1),
    registrar: accountKey(2),
    issuer: accountKey(3),
    settler: accountKey(4),
    arbiters: [accountKey(5), accountKey(6), accountKey(7)],
    guardian: accountKey(8),
  };
}

/** Whose keys are derived from their names. */
export type NamedKind = "payer" | "merchant" | "courier";

type Parties = { readonly payer: string; readonly merchant: string };

/** A participant's key, derived from its name; throws `PublicKeyForbiddenError` as `developmentKeys` does. */
export function developmentParticipantKey(chainId: number, kind: NamedKind, name: string): Hex {
  requireDevelopmentChain(chainId);
  return typeHash(`rialto development key|${kind}|${name}`);
}

/**
 * Signs for every participant and arbiter of a development network, by name; it is what the journal asks of a signer.
 *
 * @throws PublicKeyForbiddenError on any other network.
 */
export function createDevelopmentSigner(network: {
  readonly chainId: number;
  readonly ledger: Hex;
  readonly registry: Hex;
  readonly court: Hex;
}) {
  const { chainId } = network;
  const keys = developmentKeys(chainId);
  const orders = ledgerDomain(chainId, network.ledger);
  const acceptances = registryDomain(chainId, network.registry);
  const votes = courtDomain(chainId, network.court);
  const keyOf = memoize((kind: NamedKind, name: string) => developmentParticipantKey(chainId, kind, name));
  const addressOf = memoize((kind: NamedKind, name: string) => addressOfKey(keyOf(kind, name)));

  const signBoth = ({ payer, merchant }: Parties, digest: Hex) => ({
    payerSignature: signDigest(digest, keyOf("payer", payer)),
    merchantSignature: signDigest(digest, keyOf("merchant", merchant)),
  });

  return {
    addressOf,
    signOrder: (request: { readonly payer: string; readonly terms: OrderTerms }) =>
      signOrder(request.terms, orders, keyOf("payer", request.payer)),
    signAcceptance: ({
      kind = "merchant",
      ...request
    }: {
      readonly kind?: "merchant" | "courier";
      readonly merchant: string;
      readonly operator: Hex;
      readonly scopes: number;
      readonly issuedAt: number;
    }) =>
      signAcceptance(
        { ...request, merchant: addressOf(kind, request.merchant) },
        acceptances,
        keyOf(kind, request.merchant),
      ),
    splitsHash: splitsHashOf,
    signCancel: (request: { readonly payer: string; readonly orderId: Hex }) =>
      signDigest(cancelDigest(request.orderId, orders), keyOf("payer", request.payer)),
    signDelivery: ({ courier, ...delivery }: Delivery & { readonly courier: string }) =>
      signDigest(deliveryDigest(delivery, orders), keyOf("courier", courier)),
    signExtension: (request: Parties & Extension) => signBoth(request, extensionDigest(request, orders)),
    signSettlement: (request: Parties & Omit<Settlement, "round">) =>
      signBoth(request, settlementDigest({ ...request, round: FIRST_ROUND }, votes)),
    disputeId: disputeIdOf,
    evidenceAfter,
    signVotes: (vote: { readonly disputeId: Hex; readonly payerBps: number; readonly evidence: Hex }) =>
      signVotes({ ...vote, round: FIRST_ROUND }, votes, keys.arbiters.slice(0, DEVELOPMENT_THRESHOLD)),
  };
}

/** Somebody asked for a key that everybody knows, on a network where it could move money. */
export class PublicKeyForbiddenError extends Error {
  readonly chainId: number;

  constructor(chainId: number) {
    super(`Chain ${chainId} is no development network: its keys are not derived, but configured.`);
    this.name = "PublicKeyForbiddenError";
    this.chainId = chainId;
  }
}

function requireDevelopmentChain(chainId: number): void {
  if (!isDevelopmentChain(chainId)) throw new PublicKeyForbiddenError(chainId);
}

let accountParent: HDNodeWallet | undefined;

function accountKey(index: number): Hex {
  // Stretching the mnemonic takes milliseconds, so it is done once and only where it is needed.
  accountParent ??= HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(MNEMONIC), "m/44'/60'/0'/0");
  return accountParent.deriveChild(index).privateKey as Hex;
}

function memoize<Kind extends string>(compute: (kind: Kind, name: string) => Hex) {
  const known = new Map<string, Hex>();
  return (kind: Kind, name: string): Hex => {
    const id = `${kind}|${name}`;
    const value = known.get(id) ?? compute(kind, name);
    known.set(id, value);
    return value;
  };
}
