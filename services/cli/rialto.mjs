#!/usr/bin/env node
// The front door in plain JavaScript, so that an old Node gives a sentence instead of a syntax error.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map((part) => Number.parseInt(part, 10));
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `rialto needs Node 22.18 or later; this is ${process.version}. ` +
      'Run it under Node 24: npx -y -p node@24 -c "npm start"\n',
  );
  process.exit(78);
}

const root = fileURLToPath(new URL("../../", import.meta.url));
if (!existsSync(`${root}types/ethers-contracts/factories/ledger/SettlementLedger__factory.ts`)) {
  process.stderr.write("Compiling the contracts (first run only) ...\n");
  const hardhat = fileURLToPath(new URL("../../node_modules/hardhat/dist/src/cli.js", import.meta.url));
  const build = spawnSync(process.execPath, [hardhat, "build"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (build.status !== 0) process.exit(build.status ?? 70);
}

const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
