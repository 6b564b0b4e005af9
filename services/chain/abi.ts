import { Interface } from "ethers";
import { NetworkAccess__factory } from "../../types/ethers-contracts/factories/access/NetworkAccess__factory.ts";
import { ParticipantRegistry__factory } from "../../types/ethers-contracts/factories/access/ParticipantRegistry__factory.ts";
import { TokenRegistry__factory } from "../../types/ethers-contracts/factories/access/TokenRegistry__factory.ts";
import { PermitCollector__factory } from "../../types/ethers-contracts/factories/collectors/PermitCollector__factory.ts";
import { DisputeCourt__factory } from "../../types/ethers-contracts/factories/dispute/DisputeCourt__factory.ts";
import { ISettlementLedger__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { LedgerAdministration__factory } from "../../types/ethers-contracts/factories/ledger/LedgerAdministration__factory.ts";
import { LedgerSettlement__factory } from "../../types/ethers-contracts/factories/ledger/LedgerSettlement__factory.ts";
import { OrderConsents__factory } from "../../types/ethers-contracts/factories/ledger/OrderConsents__factory.ts";
import { SettlementLedger__factory } from "../../types/ethers-contracts/factories/ledger/SettlementLedger__factory.ts";
import { StatementVerifier__factory } from "../../types/ethers-contracts/factories/statement/StatementVerifier__factory.ts";
import { SettlementToken__factory } from "../../types/ethers-contracts/factories/token/SettlementToken__factory.ts";
import { Vault__factory } from "../../types/ethers-contracts/factories/vault/Vault__factory.ts";
import type { Hex } from "../domain/order-terms.ts";

/** What a contract of ours can do, and the code that creates it. */
export type ContractArtifact = { readonly abi: Interface; readonly bytecode: Hex };

/** Every contract of the network; names as in deployment records. */
export const CONTRACT_ARTIFACTS = {
  networkAccess: artifact(NetworkAccess__factory),
  participantRegistry: artifact(ParticipantRegistry__factory),
  tokenRegistry: artifact(TokenRegistry__factory),
  ledgerSettlement: artifact(LedgerSettlement__factory),
  orderConsents: artifact(OrderConsents__factory),
  ledgerAdministration: artifact(LedgerAdministration__factory),
  // The parts answer at the ledger's address: what can be called there is the interface, not the core's own ABI.
  settlementLedger: {
    abi: new Interface([...constructorOf(SettlementLedger__factory.abi), ...ISettlementLedger__factory.abi]),
    bytecode: SettlementLedger__factory.bytecode as Hex,
  },
  permitCollector: artifact(PermitCollector__factory),
  disputeCourt: artifact(DisputeCourt__factory),
  statementVerifier: artifact(StatementVerifier__factory),
  token: artifact(SettlementToken__factory),
  vault: artifact(Vault__factory),
} as const satisfies Record<string, ContractArtifact>;

export type ContractName = keyof typeof CONTRACT_ARTIFACTS;

/** Calldata of a function; addresses and bytes as hex, integers as bigint or number, structs as objects. */
export function encodeCall(contract: ContractName, functionName: string, args: readonly unknown[]): Hex {
  return CONTRACT_ARTIFACTS[contract].abi.encodeFunctionData(functionName, args) as Hex;
}

function constructorOf(abi: readonly { readonly type: string }[]) {
  return abi.filter(({ type }) => type === "constructor");
}

function artifact(factory: {
  readonly abi: ConstructorParameters<typeof Interface>[0];
  readonly bytecode: string;
}): ContractArtifact {
  return { abi: new Interface(factory.abi), bytecode: factory.bytecode as Hex };
}
