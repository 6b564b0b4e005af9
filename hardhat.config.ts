import { fileURLToPath } from "node:url";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

// The compiler is the npm package `solc`: no download, the same bytes on every machine.
const solcPath = fileURLToPath(import.meta.resolve("solc/soljson.js"));

export default defineConfig({
  plugins: [toolbox],
  // 200 runs keep SettlementLedger below the 24,576 bytes of EIP-170 with all that every order passes in it.
  solidity: {
    version: "0.8.37",
    path: solcPath,
    settings: { viaIR: true, optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
  },
  paths: { tests: { mocha: "./test", solidity: "./test/contracts" } },
  test: {
    solidity: {
      fuzz: { runs: 256 },
      // Each run is 100 random calls on a whole network; many are refused, as they should be.
      invariant: { runs: 100, depth: 100, failOnRevert: false },
    },
  },
  networks: {
    // Prices are zero, as on the production network: only gas used is counted.
    default: { type: "edr-simulated", chainId: 31337, initialBaseFeePerGas: 0n, gasPrice: 0n },
    node: { type: "edr-simulated", chainId: 31337, initialBaseFeePerGas: 0n, gasPrice: 0n },
  },
});
