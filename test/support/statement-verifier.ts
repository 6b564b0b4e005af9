import { Interface } from "ethers";
import { developmentKeys } from "../../services/chain/development-keys.ts";
import type { JsonRpc } from "../../services/chain/json-rpc.ts";
import { createLocalSigner } from "../../services/chain/signer.ts";
import { transact } from "../../services/chain/transact.ts";
import type { Hex } from "../../services/domain/order-terms.ts";
import { createSystemClock } from "../../services/platform/clock.ts";
import { StatementVerifier__factory } from "../../types/ethers-contracts/factories/statement/StatementVerifier__factory.ts";

/** Asks the contract one of its questions; integers may be numbers, bigints or decimal strings. */
export type AskVerifier = (question: string, args: readonly unknown[]) => Promise<boolean>;

/** Deploys the verifier on a development chain. */
export async function deployStatementVerifier(rpc: JsonRpc, chainId: number): Promise<AskVerifier> {
  const { contractAddress: to } = (await transact({
    ...{ rpc, chainId, clock: createSystemClock() },
    signer: createLocalSigner(developmentKeys(chainId).guardian),
    data: StatementVerifier__factory.bytecode as Hex,
  })) as unknown as { contractAddress: Hex };
  const abi = new Interface(StatementVerifier__factory.abi);
  return async (question, args) => {
    const data = abi.encodeFunctionData(question, args);
    const answer = await rpc.request<Hex>("eth_call", [{ to, data }, "latest"]);
    return BigInt(answer) === 1n;
  };
}
