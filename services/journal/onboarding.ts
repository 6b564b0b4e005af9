import type { JournalSplit } from "../domain/journal.ts";
import { ALL_SCOPES } from "../domain/participant.ts";
import { digest } from "./digest.ts";
import type { JournalChain, NamedKind, OperationDraft } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import { readableKey } from "./line-keys.ts";

/** An authorize or charge line's parties and money. */
export type FundedOrder = {
  readonly splits?: readonly JournalSplit[];
  readonly merchant: string;
  readonly payer: string;
  readonly order: string;
  readonly currency: string;
  readonly amount: bigint;
};

/**
 * The operations that must come before an order on a development network, where nobody was onboarded by hand:
 * both parties and every payee are registered with an account in the currency, payees accept the operator, the payer has exactly
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

  function register(kind: NamedKind, name: string): Promise<OperationDraft[]> {
    const key = readableKey("register", [kind, name]);
    return once(key, async () => ({
      key,
      kind: "register",
      participantKind: kind,
      name,
      address: await signer.addressOf(kind, name),
    }));
  }

  function openAccount(kind: NamedKind, name: string, currency: string): Promise<OperationDraft[]> {
    const key = readableKey("account", [kind, name, currency]);
    return once(key, async () => ({
      key,
      kind: "open-account",
      account: await signer.addressOf(kind, name),
      currency,
    }));
  }

  function acceptOperator(kind: "merchant" | "courier", merchant: string): Promise<OperationDraft[]> {
    const named = kind === "merchant" ? [merchant] : [kind, merchant];
    const key = readableKey("accept", [...named, chain.operator]);
    const acceptance = { merchant, operator: chain.operator, scopes: ALL_SCOPES, issuedAt: chain.chainTime };
    return once(key, async () => ({
      key,
      kind: "accept-operator",
      ...(kind === "courier" ? { participantKind: kind } : {}),
      ...acceptance,
      signature: await signer.signAcceptance({ kind, ...acceptance }),
    }));
  }

  async function onboardPayee(
    kind: "merchant" | "courier",
    name: string,
    currency: string,
  ): Promise<OperationDraft[]> {
    return [
      ...(await register(kind, name)),
      ...(await acceptOperator(kind, name)),
      ...(await openAccount(kind, name, currency)),
    ];
  }

  return {
    async operationsFor(order) {
      const { merchant, payer, currency, splits = [] } = order;
      const payees: OperationDraft[] = [];
      for (const { kind, payee } of splits) payees.push(...(await onboardPayee(kind, payee, currency)));
      return [
        ...(await onboardPayee("merchant", merchant, currency)),
        ...payees,
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
