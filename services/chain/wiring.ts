import { ZeroAddress } from "ethers";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS, type ContractName } from "./abi.ts";
import type { readContract } from "./contract-calls.ts";
import type { DeployOptions } from "./deploy-options.ts";
import type { createDeployer } from "./deployer.ts";
import type { Deployment } from "./deployment.ts";
import { type JsonRpc, toQuantity } from "./json-rpc.ts";
import type { Signer } from "./signer.ts";

/** The network's own participants do not expire: the last moment that fits. */
const KYC_FOREVER = 2 ** 40 - 1;

export type WireOptions = DeployOptions & {
  readonly chainId: number;
  /** Whether the deployer is the network's admin. */
  readonly isAdmin: boolean;
  readonly deployment: Deployment;
};

/** What every step of wiring a network needs. */
export type Wiring = WireOptions & {
  readonly call: ReturnType<typeof createDeployer>["call"];
  readonly read: (
    contract: ContractName,
    address: Hex,
    functionName: string,
    args: readonly unknown[],
  ) => ReturnType<typeof readContract>;
};

/** Registers an account unless it is. */
export async function registerParticipant(
  wiring: Wiring,
  account: Hex,
  kind: ParticipantKind,
): Promise<void> {
  const address = wiring.deployment.contracts.participantRegistry.address;
  const [participant] = await wiring.read("participantRegistry", address, "participantOf", [account]);
  if (participant.status !== 0n) return;

  const registration = {
    account,
    kind: PARTICIPANT_KINDS.indexOf(kind) + 1,
    kycLevel: 0,
    kycUntil: KYC_FOREVER,
    payoutAddress: ZeroAddress,
    termsHash: `0x${"0".repeat(64)}`,
  };
  await wiring.call({
    contract: "participantRegistry",
    address,
    functionName: "register",
    args: [registration],
    signer: wiring.actors.registrar,
  });
}

/** Calls a token by another signer than the deployer. */
export async function callToken(
  wiring: Wiring,
  token: Hex,
  functionName: string,
  args: readonly unknown[],
  signer: Signer,
): Promise<void> {
  await wiring.call({ contract: "token", address: token, functionName, args, signer });
}

/** Events of one kind since the network was deployed. */
export async function readEvents(
  { rpc, deployment }: { readonly rpc: JsonRpc; readonly deployment: Deployment },
  contract: ContractName,
  address: Hex,
  event: string,
  indexed: readonly (Hex | null)[] = [],
): Promise<{ readonly data: Hex }[]> {
  const topic = CONTRACT_ARTIFACTS[contract].abi.getEvent(event)?.topicHash;
  const fromBlock = toQuantity(deployment.block);
  return rpc.request("eth_getLogs", [{ address, topics: [topic, ...indexed], fromBlock, toBlock: "latest" }]);
}
