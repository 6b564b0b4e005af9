import type { Addressable, ContractTransactionResponse } from "ethers";
import type { Hex, OrderTerms } from "../../../services/domain/order-terms.ts";
import type { Actor } from "../actors.ts";
import { CAP_BITS, type TestNetwork } from "../deploy-contracts.ts";
import { MAX_U80 } from "../words.ts";
import { signedOrder, type TestOrder } from "./order.ts";

/** What every adversarial token can do in a test. */
type MintableToken = Addressable & {
  readonly mint: (to: string, amount: bigint) => Promise<ContractTransactionResponse>;
  readonly connect: (signer: Actor) => {
    readonly approve: (spender: string, amount: bigint) => Promise<ContractTransactionResponse>;
  };
};

export type TestBook = { readonly token: string; readonly vault: string };

/** What is moved to see whether a token moves exactly. */
const PROBE = 100n;

/** Opens the operator's book in another token, with the merchants known in it. */
export async function openBookIn(network: TestNetwork, token: MintableToken): Promise<TestBook> {
  const { ledger, tokens, actors } = network;
  await token.mint(actors.admin.address, PROBE);
  await token.connect(actors.admin).approve(await tokens.getAddress(), PROBE);
  await tokens.admit(token, CAP_BITS, PROBE);
  await ledger.openBook(actors.operator, token);
  const merchants = [actors.merchant.address, actors.otherMerchant.address];
  await ledger.syncAccounts(actors.operator, token, merchants);
  await ledger.setAdvanceLimit(actors.operator, token, MAX_U80);
  const { vault } = await ledger.bookOf(actors.operator, token);
  return { token: await token.getAddress(), vault };
}

/** Turns a token into `other`, as an upgrade after its admission would; balances stay. */
export async function upgradeTo(
  { ethers }: TestNetwork,
  token: Addressable,
  other: Addressable,
): Promise<void> {
  const code = await ethers.provider.getCode(other);
  await ethers.provider.send("hardhat_setCode", [await token.getAddress(), code]);
}

/** Mints `amount` to `account` and lets the ledger take it. */
export async function mintAndApprove(
  network: TestNetwork,
  token: MintableToken,
  account: Actor,
  amount: bigint,
): Promise<void> {
  await token.mint(account.address, amount);
  await token.connect(account).approve(network.ledgerAddress, amount);
}

/** An order in `token` without a fee, captured and settled in that book's open cycle, its payer funded before. */
export async function settledOrderIn(
  network: TestNetwork,
  token: MintableToken,
  given: Partial<OrderTerms> = {},
): Promise<TestOrder> {
  const { ledger, actors } = network;
  const address = (await token.getAddress()) as Hex;
  const order = await signedOrder(network, { token: address, feeBps: 0, ...given });
  await mintAndApprove(network, token, actors.payer, order.terms.amount);
  await ledger.connect(actors.payer).deposit(actors.operator, token, actors.payer, order.terms.amount);
  await ledger.connect(actors.operator).authorize(order.terms, order.signature);
  await ledger.connect(actors.operator).capture(order.terms, order.terms.amount);

  const { openCycle } = await ledger.bookOf(actors.operator, token);
  await ledger.connect(actors.settler).closeCycle(actors.operator, token, openCycle, [order.terms.merchant]);
  return order;
}
