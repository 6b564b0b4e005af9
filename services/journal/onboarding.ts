import { ALL_SCOPES } from "../domain/participant.ts";
import { digest } from "./digest.ts";
import type { JournalChain, OperationDraft } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import { readableKey } from "./line-keys.ts";

/** An authorize or charge line's parties and money. */
export type FundedOrder = {
  readonly merchant: string;
  readonly payer: string;
  readonly order: string;
  readonly currency: string;
  readonly amount: bigint;
};

/**
 * The operations that must come before an order on a development network, where nobody was onboarded by hand:
 * both parties are registered with an account in the currency, the merchant accepts the operator, the payer has exactly
 * the order's amount more. Their keys come from the names in them, so that repeating them changes nothing.
 */
export interface Onboarding {
  operationsFor(order: FundedOrder): Promise<OperationDraft[]>;

  /** These operations were accepted or had been before: the next order need not repeat them. */
  confirm(operations: readonly OperationDraft[]): void;
}

export function createOnboarding(options: {
  readonly chain: JournalChain;
  readonly signer: JournalSigner;
}): Onboarding {
  const { chain, signer } = options;
  // Signing an acceptance is the costly part, and a request may need it many times before it is confirmed.
  const steps = new Map<string, OperationDraft | "confirmed">();

  async function once(key: string, build: () => Promise<OperationDraft>): Promise<OperationDraft[]> {
    const known = steps.get(key);
    if (known === "confirmed") return [];
    if (known !== undefined) return [known];
    const operation = await build();
    steps.set(key, operation);
    return [operation];
  }

  function register(kind: "payer" | "merchant", name: string): Promise<OperationDraft[]> {
    const key = readableKey("register", [kind, name]);
    return once(key, async () => ({
      key,
      kind: "register",
      participantKind: kind,
      name,
      address: await signer.addressOf(kind, name),
    }));
  }

  function openAccount(
    kind: "payer" | "merchant",
    name: string,
    currency: string,
  ): Promise<OperationDraft[]> {
    const key = readableKey("account", [kind, name, currency]);
    return once(key, async () => ({
      key,
      kind: "open-account",
      account: await signer.addressOf(kind, name),
      currency,
    }));
  }

  function acceptOperator(merchant: string): Promise<OperationDraft[]> {
    const key = readableKey("accept", [merchant, chain.operator]);
    const acceptance = { merchant, operator: chain.operator, scopes: ALL_SCOPES, issuedAt: chain.chainTime };
    return once(key, async () => ({
      key,
      kind: "accept-operator",
      ...acceptance,
      signature: await signer.signAcceptance(acceptance),
    }));
  }

  return {
    async operationsFor(order) {
      const { merchant, payer, currency } = order;
      return [
        ...(await register("merchant", merchant)),
        ...(await acceptOperator(merchant)),
        ...(await openAccount("merchant", merchant, currency)),
        ...(await register("payer", payer)),
        ...(await openAccount("payer", payer, currency)),
        ...fund(order, await signer.addressOf("payer", payer)),
      ];
    },

    confirm(operations) {
      for (const { key } of operations) {
        if (steps.has(key)) steps.set(key, "confirmed");
      }
    },
  };
}

function fund(order: FundedOrder, account: `0x${string}`): OperationDraft[] {
  const { merchant, payer, currency } = order;
  const amount = order.amount.toString();
  // The whole of the terms, so that a reference is funded anew where its order failed and comes with others.
  const terms = [merchant, order.order, payer, currency, amount];
  return [
    {
      key: readableKey("mint", terms),
      kind: "mint",
      currency,
      amount,
      bankReference: digest(["funding", ...terms]),
    },
    { key: readableKey("deposit", terms), kind: "deposit", account, currency, amount },
  ];
}
