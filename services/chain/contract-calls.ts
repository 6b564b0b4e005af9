import type { Result } from "ethers";
import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS, type ContractName, encodeCall } from "./abi.ts";
import { type JsonRpc, type RpcCall, toQuantity } from "./json-rpc.ts";

/** A view function to ask at an address. */
export type ContractCall = {
  readonly contract: ContractName;
  readonly address: Hex;
  readonly functionName: string;
  readonly args: readonly unknown[];
};

/** The block to read at: its number, or the latest. */
export type BlockTag = number | "latest";

/** Asks many view functions; answers in their order, decoded. Throws `RpcError` if one reverts. */
export async function readContracts(
  rpc: JsonRpc,
  calls: readonly ContractCall[],
  blockTag: BlockTag = "latest",
): Promise<Result[]> {
  const tag = blockTag === "latest" ? blockTag : toQuantity(blockTag);
  const answers = await rpc.batch<Hex>(
    calls.map(
      (call): RpcCall => ({
        method: "eth_call",
        params: [{ to: call.address, data: encodeCall(call.contract, call.functionName, call.args) }, tag],
      }),
    ),
  );
  return calls.map((call, index) =>
    CONTRACT_ARTIFACTS[call.contract].abi.decodeFunctionResult(call.functionName, answers[index] ?? "0x"),
  );
}

/** Asks one view function. */
export async function readContract(rpc: JsonRpc, call: ContractCall, blockTag?: BlockTag): Promise<Result> {
  const [result] = await readContracts(rpc, [call], blockTag);
  if (result === undefined) throw new RangeError("A call without an answer.");
  return result;
}
