import { developmentKeys } from "../../../services/chain/development-keys.ts";
import { moveChainClock } from "../../../services/chain/engine.ts";
import { createLocalSigner } from "../../../services/chain/signer.ts";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import { createDraw, type Draw } from "../../../services/journal/seeded-draw.ts";
import { type LiveNetwork, onboard, termsOf } from "./live-network.ts";
import { hashSplits, type Split } from "./splits.ts";
import { dispute } from "./story.ts";

/** What was asked for, and how many of it the ledger refused. */
export type History = { readonly done: Map<string, number>; readonly refused: Map<string, number> };

type Order = {
  readonly terms: OrderTerms;
  readonly payer: string;
  readonly splits: readonly Split[];
  disputes: number;
};

const MERCHANTS = ["mill", "forge", "loom"] as const;
const PAYERS = ["ada", "bob"] as const;
const DAY = 86_400;
const CASE: Hex = `0x${"ca5e".padEnd(64, "0")}`;
const HOLDBACK_CLASS = 1;

/**
 * Does to money what chance says, with payees, foreign fee receivers, reserve, debt, waiting awards and a recovered
 * merchant. What the ledger refuses does not happen. Ends with a cycle in which everybody is settled.
 */
export async function tellRandomHistory(network: LiveNetwork, seed: number, steps: number): Promise<History> {
  const draw = createDraw(seed);
  const history: History = { done: new Map(), refused: new Map() };
  const acts = await begin(network, draw);
  const names = Object.keys(acts.weights).flatMap((name) =>
    Array<string>(acts.weights[name] ?? 0).fill(name),
  );
  for (let step = 0; step < steps; step += 1) {
    const name = draw.oneOf(names);
    const outcome = await attempt(acts.verbs[name]);
    const counts = outcome ? history.done : history.refused;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  await acts.closeForAll();
  return history;
}

async function attempt(verb: (() => Promise<void>) | undefined): Promise<boolean> {
  try {
    await verb?.();
    return true;
  } catch (error) {
    if (error instanceof Error && /revert/.test(error.message)) return false;
    throw error;
  }
}

async function begin(network: LiveNetwork, draw: Draw) {
  const { send, signers, deployment, token, addressOf } = network;
  const book = [deployment.operator, token] as const;
  const deployer = createLocalSigner(developmentKeys(deployment.chainId).deployer);
  await onboard(network, { merchants: [...MERCHANTS], payers: [...PAYERS], funds: 10_000_000n });
  await send(deployer, "settlementLedger", "setHoldbackClass", [HOLDBACK_CLASS, 1_000, DAY]);
  await send(deployer, "settlementLedger", "setAdvanceLimit", [...book, 2_000]);

  const orders: Order[] = [];
  const accounts = [...MERCHANTS.map((name) => addressOf("merchant", name)), deployment.operator];
  let cycle = 1;
  let isRecovered = false;
  const ledger = (name: string, args: readonly unknown[]) =>
    send(signers.operator, "settlementLedger", name, args);
  const settle = (name: string, args: readonly unknown[]) =>
    send(signers.settler, "settlementLedger", name, [...book, ...args]);
  const someOrder = () => orders[draw.between(0, Math.max(0, orders.length - 1))];
  const someAmount = ({ terms }: Order) => BigInt(draw.between(1, Number.parseInt(`${terms.amount}`, 10)));
  const close = async (whom: readonly Hex[]) => {
    await settle("closeCycle", [cycle, whom]);
    cycle += 1;
  };

  async function order(): Promise<void> {
    const merchant = draw.oneOf(MERCHANTS);
    const payer = draw.oneOf(PAYERS);
    const splits = draw.between(0, 2) === 0 ? someSplits(addressOf("merchant", merchant)) : [];
    const drafted = await termsOf(network, {
      ...{ merchant, payer },
      amount: BigInt(draw.between(1, 9_999)),
      nonce: orders.length,
    });
    const terms: OrderTerms = {
      ...drafted,
      fixedFee: BigInt(draw.oneOf([0, 0, 7])),
      feeReceiver: draw.oneOf([drafted.feeReceiver, drafted.feeReceiver, ...accounts]),
      holdbackClass: draw.oneOf([0, HOLDBACK_CLASS]),
      splitsHash: hashSplits(splits),
    };
    const { signature } = network.sign.signOrder({ payer, terms });
    if (splits.length === 0) await ledger("authorize", [terms, signature]);
    else await ledger("authorizeWithSplits", [terms, splits, signature]);
    const made = { terms, payer, splits, disputes: 0 };
    orders.push(made);
    await capture(made, draw.between(0, 3) === 0 ? someAmount(made) : terms.amount);
  }

  function someSplits(merchant: Hex): Split[] {
    return accounts
      .filter((account) => account !== merchant && draw.between(0, 1) === 0)
      .sort()
      .map((payee) => ({ payee, bps: draw.between(1, 3_000) }));
  }

  const capture = ({ terms, splits }: Order, amount: bigint) =>
    splits.length === 0
      ? ledger("capture", [terms, amount])
      : ledger("captureWithSplits", [terms, splits, amount]);

  async function captureMore(): Promise<void> {
    const chosen = someOrder();
    if (chosen !== undefined) await capture(chosen, someAmount(chosen));
  }

  async function refund(): Promise<void> {
    const chosen = someOrder();
    if (chosen === undefined) return;
    const { terms, splits } = chosen;
    const amount = someAmount(chosen);
    if (splits.length === 0) await ledger("refund", [terms, amount]);
    else await ledger("refundWithSplits", [terms, splits, amount]);
  }

  async function rule(): Promise<void> {
    const chosen = someOrder();
    if (chosen === undefined) return;
    const { terms, payer, splits } = chosen;
    const payerBps = draw.oneOf([0, 3_333, 10_000]);
    const ordinal = chosen.disputes + 1;
    await dispute(network, { terms, payer, payerBps, amount: someAmount(chosen), ordinal, splits });
    chosen.disputes = ordinal;
  }

  async function recover(): Promise<void> {
    if (isRecovered) return ledger("rebind", [...book, addressOf("merchant", "loom")]);
    isRecovered = true;
    accounts.push(addressOf("merchant", "heir"));
    const args = [addressOf("merchant", "loom"), addressOf("merchant", "heir"), CASE];
    await send(deployer, "participantRegistry", "recover", args);
    await ledger("rebind", [...book, addressOf("merchant", "loom")]);
  }

  return {
    weights: {
      ...{ order: 10, captureMore: 3, refund: 6, rule: 4, closeForSome: 3, payOut: 3 },
      ...{ release: 2, meet: 1, wait: 2, recover: 1 },
    } as Readonly<Record<string, number>>,
    verbs: {
      ...{ order, captureMore, refund, rule, recover },
      closeForSome: () => close(accounts.filter(() => draw.between(0, 2) > 0)),
      payOut: () => settle("payout", [[draw.oneOf(accounts)]]),
      release: () => ledger("releaseReserve", [...book, draw.oneOf(accounts)]),
      meet: () => ledger("meetObligations", [...book, draw.oneOf(accounts)]),
      wait: () => moveChainClock(network.rpc, draw.oneOf([3_600, DAY])),
    } as Readonly<Record<string, () => Promise<void>>>,
    closeForAll: () => close(accounts),
  };
}
