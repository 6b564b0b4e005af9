import type { Signer } from "ethers";
import { registrationOf, type TestNetwork } from "../deploy-contracts.ts";
import { ALL_SCOPES, KIND } from "../words.ts";

/** Written out once more, on purpose: a wallet gets its types from here, not from our own hashing. */
const ACCEPTANCE_TYPES = {
  Acceptance: [
    { name: "merchant", type: "address" },
    { name: "operator", type: "address" },
    { name: "scopes", type: "uint8" },
    { name: "issuedAt", type: "uint40" },
  ],
};

/** Registers `merchant`, for which `signer` signs, and has it accept the operator. */
export async function registerMerchant(
  network: TestNetwork,
  merchant: string,
  signer: Signer,
): Promise<void> {
  const { ledger, registry, actors, chainId, tokenAddress } = network;
  const { operator, registrar } = actors;
  await registry.connect(registrar).register(registrationOf(merchant, KIND.merchant));
  const acceptance = {
    merchant,
    operator: operator.address,
    scopes: ALL_SCOPES,
    issuedAt: BigInt(network.startedAt),
  };
  const domain = {
    name: "RialtoParticipants",
    version: "1",
    chainId,
    verifyingContract: await registry.getAddress(),
  };
  const signature = await signer.signTypedData(domain, ACCEPTANCE_TYPES, acceptance);
  await registry.acceptOperatorBatch([acceptance], [signature]);
  await ledger.syncAccounts(operator, tokenAddress, [merchant]);
}
