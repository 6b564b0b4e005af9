import { id, type Signer, Wallet } from "ethers";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { ContractWallet__factory } from "../../../types/ethers-contracts/factories/mocks/ContractWallet__factory.ts";
import { EmptyDelegate__factory } from "../../../types/ethers-contracts/factories/mocks/EmptyDelegate__factory.ts";
import { registrationOf, type TestNetwork } from "../deploy-contracts.ts";
import { KIND } from "../words.ts";

/** Who an account is, and who signs for it. */
export type SigningAccount = { readonly address: Hex; readonly signer: Signer };

/** EIP-7702: code that says whose code an account runs. */
const DELEGATION = "0xef0100";

/** Every way in which an account can sign: with its own key, by its code, or both. */
export const SIGNING_ACCOUNTS: Readonly<
  Record<string, (network: TestNetwork, name: string) => Promise<SigningAccount>>
> = {
  "a key": async (_, name) => ownKey(name),
  "a contract wallet, by its owner": async (network, name) => {
    const owner = keyOf(`${name}'s owner`);
    return { address: await contractWallet(network, owner.address), signer: owner };
  },
  "an EIP-7702 account whose delegate validates nothing, by its key": async (network, name) => {
    const account = ownKey(name);
    const code = await new EmptyDelegate__factory(network.actors.admin).deploy();
    await delegate(network, account.address, await code.getAddress());
    return account;
  },
  "an EIP-7702 account whose delegate validates another's key, by its own": async (network, name) => {
    const account = ownKey(name);
    await delegate(network, account.address, await contractWallet(network, keyOf("nobody").address));
    return account;
  },
  "an EIP-7702 account whose delegate validates another's key, by that one": async (network, name) => {
    const { address } = ownKey(name);
    const other = keyOf(`${name}'s session`);
    await delegate(network, address, await contractWallet(network, other.address));
    return { address, signer: other };
  },
};

/** Lets an account run the code at `target`, as its EIP-7702 authorization would. */
export async function delegate({ ethers }: TestNetwork, account: string, target: string): Promise<void> {
  await ethers.provider.send("hardhat_setCode", [account, `${DELEGATION}${target.slice(2).toLowerCase()}`]);
}

/** Registers an account as a payer with `amount` available. */
export async function registerPayer(network: TestNetwork, account: string, amount: bigint): Promise<void> {
  const { ledger, token, registry, actors } = network;
  await registry.connect(actors.registrar).register(registrationOf(account, KIND.payer));
  await ledger.connect(actors.issuer).deposit(actors.operator, token, account, amount);
}

function keyOf(name: string): Wallet {
  return new Wallet(id(`key of ${name}`));
}

function ownKey(name: string): SigningAccount {
  const signer = keyOf(name);
  return { address: signer.address as Hex, signer };
}

async function contractWallet({ actors }: TestNetwork, owner: string): Promise<Hex> {
  const wallet = await new ContractWallet__factory(actors.admin).deploy(owner);
  return (await wallet.getAddress()) as Hex;
}
