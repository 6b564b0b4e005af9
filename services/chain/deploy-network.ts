import type { Hex } from "../domain/order-terms.ts";
import { readHead } from "./chain.ts";
import { readContract } from "./contract-calls.ts";
import { currencyDecimals } from "./currency.ts";
import type { DeployOptions, NetworkActors } from "./deploy-options.ts";
import { createDeployer } from "./deployer.ts";
import {
  type DeployedContract,
  type DeployedContractName,
  type Deployment,
  DeploymentMismatchError,
  DeploymentMissingError,
  readCodeHashes,
  readDeployment,
  readGenesisHash,
  writeDeployment,
} from "./deployment.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import { detectEngine } from "./engine.ts";
import type { JsonRpc } from "./json-rpc.ts";
import { ADMIN_ROLE } from "./network-roles.ts";
import { wireNetwork } from "./wire-network.ts";

export type { CourtPolicy, DeployOptions, NetworkActors, RoleHolders } from "./deploy-options.ts";

export const ARBITER_SET_ID = 1;

/**
 * Deploys and wires whatever of a network is missing, and writes its record.
 *
 * Doing it again sends no transaction and leaves the record's bytes as they are. Only on a development network does a
 * record that is damaged or of another genesis count as none; elsewhere it is refused, as it means the wrong chain.
 *
 * @throws RpcUnreachableError, DeploymentMismatchError, DeployerNotAdminError, `currency_unknown`.
 */
export async function deployNetwork(options: DeployOptions): Promise<Deployment> {
  const { rpc, actors, directory } = options;
  const { chainId } = await detectEngine(rpc);
  const decimals = new Map(options.currencies.map((currency) => [currency, currencyDecimals(currency)]));
  const genesisHash = await readGenesisHash(rpc);
  const record = await usableRecord(directory, chainId, genesisHash);
  const block = record?.block ?? (await readHead(rpc)).number;
  const isAdmin = record === undefined || (await isNetworkAdmin(rpc, record, actors.deployer.address));
  const deployer = createDeployer({ ...options, chainId, isAdmin, signer: actors.deployer });

  const contracts = await deployCore(deployer, actors, record);
  const tokens: Record<string, Deployment["tokens"][string]> = { ...record?.tokens };
  for (const [currency, digits] of decimals) {
    const token = await deployer.ensureContract(
      "token",
      [
        `Rialto ${currency}`,
        currency,
        digits,
        contracts.participantRegistry.address,
        contracts.networkAccess.address,
      ],
      tokens[currency],
    );
    tokens[currency] = { ...token, decimals: digits };
  }

  const deployment: Deployment = {
    chainId,
    genesisHash,
    block,
    operator: actors.operator,
    feeReceiver: actors.feeReceiver,
    arbiterSetId: ARBITER_SET_ID,
    arbiters: [...actors.arbiters].sort(),
    contracts,
    tokens,
  };
  // Written before the wiring, so that a run that breaks off is taken up again instead of deploying anew.
  await writeDeployment(directory, deployment);
  await wireNetwork({ ...options, chainId, isAdmin, deployment });
  return deployment;
}

type Deployer = ReturnType<typeof createDeployer>;

/** Each contract knows the earlier ones for ever, so a new one makes the later ones new as well: their args differ. */
async function deployCore(
  deployer: Deployer,
  actors: NetworkActors,
  record: Deployment | undefined,
): Promise<Deployment["contracts"]> {
  const present: Partial<Record<string, DeployedContract>> = record?.contracts ?? {};
  const ensure = (name: DeployedContractName, ...args: string[]) =>
    deployer.ensureContract(name, args, present[name]);
  const networkAccess = await ensure("networkAccess", actors.deployer.address);
  const access = networkAccess.address;
  const participantRegistry = await ensure("participantRegistry", access);
  const registry = participantRegistry.address;
  const tokenRegistry = await ensure("tokenRegistry", access);
  const ledgerSettlement = await ensure("ledgerSettlement", access, registry);
  const orderConsents = await ensure("orderConsents", access, registry);
  const ledgerAdministration = await ensure("ledgerAdministration", access, registry, tokenRegistry.address);
  const parts = [ledgerSettlement, orderConsents, ledgerAdministration];
  const settlementLedger = await ensure(
    "settlementLedger",
    access,
    registry,
    ...parts.map(({ address }) => address),
  );
  return {
    networkAccess,
    participantRegistry,
    tokenRegistry,
    ledgerSettlement,
    orderConsents,
    ledgerAdministration,
    settlementLedger,
    disputeCourt: await ensure("disputeCourt", access, settlementLedger.address, registry),
    permitCollector: await ensure("permitCollector", settlementLedger.address),
    statementVerifier: await ensure("statementVerifier"),
  };
}

/** A broken-off run may have recorded contracts that are not there; who made them all is still the admin. */
async function isNetworkAdmin(rpc: JsonRpc, record: Deployment, account: Hex): Promise<boolean> {
  const { address, codeHash } = record.contracts.networkAccess;
  const [present] = await readCodeHashes(rpc, [address]);
  if (present !== codeHash) return true;
  const [isMember] = await readContract(rpc, {
    ...{ contract: "networkAccess", address, functionName: "hasRole", args: [ADMIN_ROLE, account] },
  });
  return isMember;
}

async function usableRecord(
  directory: string,
  chainId: number,
  genesisHash: Hex,
): Promise<Deployment | undefined> {
  const record = await readDeployment(directory, chainId).catch((error: unknown) => {
    // Written by another version, most likely: a development network is made anew.
    if (error instanceof DeploymentMissingError && isDevelopmentChain(chainId)) return undefined;
    throw error;
  });
  if (record === undefined || record.genesisHash === genesisHash) return record;
  if (isDevelopmentChain(chainId)) return undefined;
  throw new DeploymentMismatchError("genesis block", record.genesisHash, genesisHash);
}
