import { expect } from "chai";
import { toApiChain } from "../../../services/api/main.ts";
import { createSubmitOperations } from "../../../services/api/operations/submit-operations.ts";
import type { OPERATION_BODIES } from "../../../services/api/schemas/operation-request.ts";
import { type ContractName, encodeCall } from "../../../services/chain/abi.ts";
import { readHead } from "../../../services/chain/chain.ts";
import { splitsHashOf } from "../../../services/chain/consent-signing.ts";
import { readContract } from "../../../services/chain/contract-calls.ts";
import type { NamedKind } from "../../../services/chain/development-keys.ts";
import { moveChainClock } from "../../../services/chain/engine.ts";
import { readBooks, readOrderWords, readTokenBalances } from "../../../services/chain/ledger-reads.ts";
import { ledgerDomain, signOrder } from "../../../services/chain/order-signing.ts";
import { createLocalSigner, type Signer } from "../../../services/chain/signer.ts";
import { transact } from "../../../services/chain/transact.ts";
import { type TypedDataDomain, typeHash } from "../../../services/chain/typed-data.ts";
import { decodeOrderWord } from "../../../services/chain/words.ts";
import {
  type Hex,
  type OrderTerms,
  orderTermsToJson,
  type Split,
} from "../../../services/domain/order-terms.ts";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { audit } from "../../../services/reconciler/audit.ts";
import { readSnapshot } from "../../../services/store/snapshot-read-model.ts";
import type { Store } from "../../../services/store/store.ts";
import { type LocalNetwork, startLocalNetwork } from "../../support/local-network.ts";
import { silentLogger } from "../mirror/live-network.ts";
import { createDesk } from "../relayer/desk.ts";

export const DAY = 86_400;
export const DOCUMENT: Hex = `0x${"d0".repeat(32)}`;

/** An operation as a client asks for it, without its key. */
export type Asked = { readonly kind: keyof typeof OPERATION_BODIES } & Readonly<Record<string, unknown>>;

/** What a payer signed, and the request that brings it. */
export type VerbOrder = {
  readonly terms: OrderTerms;
  readonly orderId: Hex;
  readonly signature: Hex;
  readonly authorize: Asked;
  /** An operation on the order. */
  on(kind: Asked["kind"], rest?: object): Asked;
};

/**
 * A real network behind the real API: an operation is decided, queued, sent by the relayer and mirrored. A shop, a maker
 * and ann, a payer with 1,000,000, are there.
 */
export type VerbDesk = {
  readonly network: LocalNetwork;
  readonly store: Store;
  readonly ledger: TypedDataDomain;
  /** The key that holds the roles of nobody else. */
  readonly admin: Signer;
  /** What became of each operation: `included`, or the code that it was refused with here or on the chain. */
  ask(...operations: readonly Asked[]): Promise<string[]>;
  order(amount: bigint, given?: Partial<OrderTerms>, splits?: readonly Split[]): Promise<VerbOrder>;
  addressOf(kind: NamedKind, name: string): Hex;
  /** The chain's time, and how to have it pass. */
  now(): Promise<number>;
  pass(seconds: number): Promise<void>;
  wordOf(order: VerbOrder): Promise<ReturnType<typeof decodeOrderWord>>;
  /** What somebody sends by a key of its own. */
  send(
    signer: Signer | Hex,
    contract: Callable,
    functionName: string,
    args: readonly unknown[],
  ): Promise<void>;
  read(contract: Callable, functionName: string, args: readonly unknown[]): Promise<readonly unknown[]>;
  /** Everything that is owed is there, and chain, log and mirror agree on every word. */
  expectSound(): Promise<void>;
};

type Callable = ContractName &
  ("networkAccess" | "settlementLedger" | "participantRegistry" | "disputeCourt" | "token");

export async function startVerbDesk(store: Store): Promise<VerbDesk> {
  const network = await startLocalNetwork();
  const { chain, token, participants } = network;
  const { rpc, deployment, chainId } = chain;
  const clock = createSystemClock();
  const { admin } = network.signers;
  if (admin === undefined) throw new Error("A development network has an admin.");
  const desk = await createDesk({ network, store, clock });
  const submit = createSubmitOperations({ store, chain: toApiChain(chain, { keys: {} as never }), clock });
  const ledger = ledgerDomain(chainId, deployment.contracts.settlementLedger.address);
  const { networkAccess, settlementLedger, participantRegistry, disputeCourt } = deployment.contracts;
  const addresses: Record<Callable, Hex> = {
    networkAccess: networkAccess.address,
    settlementLedger: settlementLedger.address,
    participantRegistry: participantRegistry.address,
    disputeCourt: disputeCourt.address,
    token,
  };
  let keys = 0;

  /** The mirror follows while the relayer works, as closing and paying out wait for it. */
  async function carryOut(): Promise<void> {
    const stopping = new AbortController();
    const mirroring = desk.mirror.run(stopping.signal);
    const relayer = desk.relayer();
    while ((await relayer.tick()) > 0);
    stopping.abort();
    await mirroring;
    await desk.mirror.catchUp();
  }

  const verbs: VerbDesk = {
    ...{ network, store, ledger, admin },
    addressOf: participants.addressOf,
    now: async () => (await readHead(rpc)).timestamp,

    async ask(...operations) {
      await desk.mirror.catchUp();
      const asked = operations.map((operation) => ({ key: `verb ${++keys}`, ...operation }));
      const results = await submit({ operations: asked, stopOnError: false });
      await carryOut();
      const states = await store.db
        .selectFrom("outbox_entry")
        .select(["id", "state", "error_code"])
        .execute();
      return results.map((result) => {
        if (result.status === "rejected") return result.refusal.code;
        const entry = states.find(({ id }) => id === result.entryId);
        return entry?.error_code ?? entry?.state ?? "lost";
      });
    },

    async order(amount, given, splits) {
      const splitsHash = splitsHashOf(splits);
      const now = await verbs.now();
      const { terms } = await desk.order({
        ...{ payer: "ann", merchant: "shop", amount },
        given: {
          ...{ authorizeBy: now + 30 * DAY, captureBy: now + 30 * DAY, reclaimFrom: now + 31 * DAY },
          ...{ refundBy: now + 90 * DAY, splitsHash, ...given },
        },
      });
      const { orderId, signature } = signOrder(terms, ledger, network.keyOf("payer", "ann"));
      const reference = `order ${terms.nonce}`;
      const about = { reference, merchant: "shop", payer: "ann", currency: "BRL", amount: `${amount}` };
      const signed = { terms: orderTermsToJson(terms), signature, ...(splits && { splits }) };
      return {
        ...{ terms, orderId, signature },
        authorize: { kind: "authorize", ...about, ...signed },
        on: (kind, rest = {}) => ({ kind, order: { merchant: "shop", reference }, ...rest }),
      };
    },

    async pass(seconds) {
      await moveChainClock(rpc, seconds);
    },

    async wordOf({ orderId }) {
      const [word = 0n] = await readOrderWords(rpc, settlementLedger.address, [orderId], "latest");
      return decodeOrderWord(word);
    },

    async send(signer, contract, functionName, args) {
      const data = encodeCall(contract, functionName, args);
      const sender = typeof signer === "string" ? createLocalSigner(signer) : signer;
      await transact({ rpc, clock, chainId, signer: sender, to: addresses[contract], data });
    },

    read: async (contract, functionName, args) =>
      await readContract(rpc, { contract, address: addresses[contract], functionName, args }),

    async expectSound() {
      await desk.mirror.catchUp();
      const key = { operator: deployment.operator, token };
      const [book] = await readBooks(rpc, settlementLedger.address, [key], "latest");
      const [balance] = await readTokenBalances(rpc, [{ token, holder: book?.vault ?? "0x" }], "latest");
      expect(balance).to.equal(book?.liabilities);

      expect(await store.db.selectFrom("quarantine").select("error").execute()).to.deep.equal([]);
      const snapshot = await store.transaction((trx) => readSnapshot(trx, desk.instanceId));
      if (snapshot === undefined) throw new Error("Nothing was mirrored.");
      const { breaks } = await audit({ rpc, deployment, snapshot, logger: silentLogger });
      expect(breaks).to.deep.equal([]);
    },
  };
  try {
    await onboard(verbs);
    return verbs;
  } catch (error) {
    await network.stop();
    throw error;
  }
}

/** Registers a participant, has it accept the operator if it is a payee, and opens its account. */
export async function onboardingOf(desk: VerbDesk, kind: NamedKind, name: string): Promise<Asked[]> {
  const { participants, chain } = desk.network;
  const { operator } = chain.deployment;
  const address = desk.addressOf(kind, name);
  const accepted = { merchant: name, operator, scopes: 7, issuedAt: await desk.now() };
  const acceptances: Asked[] =
    kind === "payer"
      ? []
      : [
          {
            ...{ kind: "accept-operator", participantKind: kind, ...accepted },
            signature: participants.signAcceptance({ kind, ...accepted }),
          },
        ];
  return [
    { kind: "register", participantKind: kind, name, address },
    ...acceptances,
    { kind: "open-account", account: address, currency: "BRL" },
  ];
}

async function onboard(desk: VerbDesk): Promise<void> {
  const bankReference = typeHash("ann's money");
  const outcomes = await desk.ask(
    ...(await onboardingOf(desk, "merchant", "shop")),
    ...(await onboardingOf(desk, "merchant", "maker")),
    ...(await onboardingOf(desk, "payer", "ann")),
    { kind: "mint", currency: "BRL", amount: "1000000", bankReference },
    { kind: "deposit", account: desk.addressOf("payer", "ann"), currency: "BRL", amount: "1000000" },
  );
  expect([...new Set(outcomes)]).to.deep.equal(["included"]);
}
