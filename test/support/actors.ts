import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Hex } from "../../services/domain/order-terms.ts";

/** An account of the in-process chain, which signs and sends. */
export type Actor = HardhatEthersSigner & { readonly address: Hex };

/** Who acts in the contracts' tests, by role; each is one account of the in-process chain. */
export type Actors = {
  readonly admin: Actor;
  readonly operator: Actor;
  readonly otherOperator: Actor;
  readonly registrar: Actor;
  readonly compliance: Actor;
  readonly issuer: Actor;
  readonly settler: Actor;
  readonly payer: Actor;
  readonly otherPayer: Actor;
  readonly merchant: Actor;
  readonly otherMerchant: Actor;
  readonly feeReceiver: Actor;
  readonly guardian: Actor;
  readonly treasurer: Actor;
  readonly risk: Actor;
  /** Executes seizures that compliance proposed. */
  readonly seizer: Actor;
  /** Registered nowhere. */
  readonly outsider: Actor;
  /** Ascending by address, as the court wants them. */
  readonly arbiters: readonly Actor[];
};

/** The actors of a fresh in-process chain. */
export async function readActors(ethers: HardhatEthers): Promise<Actors> {
  const signers = await ethers.getSigners();
  const at = (index: number): Actor => {
    const signer = signers[index];
    if (signer === undefined) throw new RangeError(`The chain has no account ${index}.`);
    return signer as Actor;
  };

  return {
    admin: at(0),
    operator: at(1),
    registrar: at(2),
    issuer: at(3),
    settler: at(4),
    arbiters: [at(5), at(6), at(7)].sort((a, b) =>
      a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1,
    ),
    compliance: at(8),
    payer: at(9),
    otherPayer: at(10),
    merchant: at(11),
    otherMerchant: at(12),
    feeReceiver: at(13),
    outsider: at(14),
    otherOperator: at(15),
    guardian: at(16),
    treasurer: at(17),
    risk: at(18),
    seizer: at(19),
  };
}
