import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copiedFiles, copyProject, write } from "../project-copy.ts";
import type { Woven } from "./mutants.ts";

const PROJECTS = "cache/mutation";
const READY = "ready";

/**
 * Mutants make contracts larger than a chain allows, and a deployment dearer. Nobody pays for what these contracts cost, so
 * the optimizer does only what the code generator needs: that takes half the time.
 */
const CONFIG = `import base from "./hardhat.base.config.ts";

const lifted = { allowUnlimitedContractSize: true, blockGasLimit: 1_000_000_000, transactionGasCap: false };
const networks = Object.entries(base.networks ?? {}).map(([name, network]) => [name, { ...network, ...lifted }]);
const details = { yulDetails: { stackAllocation: true, optimizerSteps: "dhfoDgvulfnTUtnIf:" } };
const optimizer = { ...base.solidity.settings.optimizer, details };
const solidity = { ...base.solidity, settings: { ...base.solidity.settings, optimizer } };
export default { ...base, solidity, networks: Object.fromEntries(networks) };
`;

/**
 * A project of its own with all mutants compiled in; the same mutants find it compiled already. Tests are copied each
 * time.
 */
export function prepareProject(woven: Woven): string {
  const config = readFileSync("hardhat.config.ts", "utf8");
  const hash = createHash("sha256").update(JSON.stringify(woven.sources)).update(config).update(CONFIG);
  for (const file of copiedFiles().filter((path) => path.endsWith(".sol")))
    hash.update(file).update(readFileSync(file));
  const folder = join(PROJECTS, hash.digest("hex").slice(0, 16));
  const isCompiled = existsSync(join(folder, READY));

  // One project at a time: what was tested before is of no more use.
  if (!isCompiled) rmSync(PROJECTS, { recursive: true, force: true });
  const contracts = Object.entries(woven.sources).map(([path, text]) => [path, Buffer.from(text, "latin1")]);
  copyProject(folder, Object.fromEntries(contracts));
  write(join(folder, "hardhat.base.config.ts"), config);
  write(join(folder, "hardhat.config.ts"), CONFIG);
  if (isCompiled) return folder;
  const built = spawnSync("hardhat", ["build"], { cwd: folder, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`The mutants do not compile.\n${built.stdout}${built.stderr}`);
  write(join(folder, READY), "");
  return folder;
}
