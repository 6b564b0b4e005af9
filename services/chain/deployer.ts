import { keccak256 } from "ethers";
import type { Hex } from "../domain/order-terms.ts";
import type { Clock } from "../platform/clock.ts";
import { CONTRACT_ARTIFACTS, type ContractName, encodeCall } from "./abi.ts";
import { type DeployedContract, NO_CODE, readCodeHashes } from "./deployment.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import { fromQuantity, type JsonRpc } from "./json-rpc.ts";
import type { Signer } from "./signer.ts";
import { type Receipt, transact } from "./transact.ts";

/** One transaction of a deployment, before it is sent. */
export type DeployStep = { readonly action: "deploy" | "call"; readonly subject: string };

/** Something is missing on a network whose admin the deployer is no longer. */
export class DeployerNotAdminError extends Error {
  /** What the deployer would have done. */
  readonly step: DeployStep;

  constructor(step: DeployStep) {
    super(
      `The network was handed over: its admin has to ${step.action} ${step.subject}, not the deployer. See docs/deployment.md.`,
    );
    this.name = "DeployerNotAdminError";
    this.step = step;
  }
}

/** Creates contracts and calls them, saying so beforehand; throws `DeployerNotAdminError` where that is for another. */
export function createDeployer(options: {
  readonly rpc: JsonRpc;
  readonly clock: Clock;
  readonly chainId: number;
  readonly signer: Signer;
  /** Whether the signer may still change the network. */
  readonly isAdmin: boolean;
  readonly onStep?: (step: DeployStep) => void;
}) {
  const { rpc, signer, isAdmin } = options;

  function announce(step: DeployStep, by: Signer): void {
    if (!isAdmin && by.address === signer.address) throw new DeployerNotAdminError(step);
    options.onStep?.(step);
  }

  return {
    /**
     * The recorded contract if it is still there and was made with the same arguments, else a new one. A development
     * network follows the code as well; any other keeps the contracts that it has.
     */
    async ensureContract(
      name: ContractName,
      args: readonly (string | number)[],
      recorded: DeployedContract | undefined,
    ): Promise<DeployedContract> {
      const { abi, bytecode } = CONTRACT_ARTIFACTS[name];
      const initCodeHash = keccak256(bytecode) as Hex;
      const isCurrent = !isDevelopmentChain(options.chainId) || recorded?.initCodeHash === initCodeHash;
      if (recorded !== undefined && isCurrent && JSON.stringify(recorded.args) === JSON.stringify(args)) {
        const [codeHash] = await readCodeHashes(rpc, [recorded.address]);
        if (codeHash === recorded.codeHash) return recorded;
      }

      const subject = name === "token" ? `token ${args[1]}` : name;
      announce({ action: "deploy", subject }, signer);
      const receipt = await transact({
        ...options,
        data: `${bytecode}${abi.encodeDeploy(args).slice(2)}`,
      });
      const address = requireAddress(receipt);
      const [codeHash = NO_CODE] = await readCodeHashes(rpc, [address]);
      const deployedAtBlock = fromQuantity(receipt.blockNumber);
      return { address, args: [...args], initCodeHash, codeHash, deployedAtBlock };
    },

    /** Calls a function; by the deployer unless another signer is named. */
    async call(request: {
      readonly contract: ContractName;
      readonly address: Hex;
      readonly functionName: string;
      readonly args: readonly unknown[];
      readonly signer?: Signer;
    }): Promise<void> {
      const by = request.signer ?? signer;
      announce({ action: "call", subject: `${request.contract}.${request.functionName}` }, by);
      await transact({
        ...options,
        signer: by,
        to: request.address,
        data: encodeCall(request.contract, request.functionName, request.args),
      });
    },
  };
}

function requireAddress(receipt: Receipt): Hex {
  if (receipt.contractAddress === null)
    throw new RangeError(`${receipt.transactionHash} created no contract.`);
  return receipt.contractAddress.toLowerCase() as Hex;
}
