import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  analyzeSolidity,
  type CompilerOutput,
  productContracts,
  readSources,
  refuseErrors,
} from "../solidity/compiler.ts";

/**
 * Writes what Slither reads of a Hardhat project. It needs syntax trees and interfaces only, so no code is generated and
 * no compiler is downloaded; the Solidity tests, whose names it cannot place, stay out.
 */
export function writeBuildInfo(folder: string): void {
  const output = withoutCode(refuseErrors(analyzeSolidity(readSources(productContracts()), ["abi"])));
  const input = { language: "Solidity", settings: { optimizer: { enabled: true }, remappings: [] } };
  const info = { _format: "hh-sol-build-info-1", id: "analysis", solcVersion: "0.8.37", input, output };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "analysis.json"), JSON.stringify(info));
}

function withoutCode({ sources, contracts }: CompilerOutput) {
  const none = { object: "", sourceMap: "" };
  const evm = { bytecode: none, deployedBytecode: none };
  const empty = Object.entries(contracts).map(([path, byName]) => [
    path,
    Object.fromEntries(Object.entries(byName).map(([name, contract]) => [name, { ...contract, evm }])),
  ]);
  return { sources, contracts: Object.fromEntries(empty) };
}
