#!/usr/bin/env node
// Figures of the README's performance section: node bench/bench.mjs [NAME...] [--json] [--write]. Without a name:
// all of them. --write puts the gas figures into bench/gas-snapshot.json, which a test compares with, and the README.
// In plain JavaScript, so that an old Node gives a sentence instead of a syntax error.
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map((part) => Number.parseInt(part, 10));
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`The benches need Node 22.18 or later; this is ${process.version}.\n`);
  process.exit(78);
}

/** By name, the module of each bench: it exports `run()`, which resolves to `{ report, figures }`. */
const BENCHES = {
  gas: () => import("./gas.ts"),
  demo: () => import("./demo.ts"),
};

const args = process.argv.slice(2);
const json = args.includes("--json");
const writes = args.includes("--write");
const named = args.filter((arg) => arg !== "--json" && arg !== "--write");
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`No bench ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(64);
}

if (writes && named.length > 0 && !named.includes("gas")) {
  process.stderr.write("Only the figures of gas are written: npm run bench -- gas --write\n");
  process.exit(64);
}

// Hardhat finds its configuration from the working directory.
process.chdir(fileURLToPath(new URL("../", import.meta.url)));

const figures = {};
for (const name of named.length > 0 ? named : Object.keys(BENCHES)) {
  const bench = await BENCHES[name]();
  const result = await bench.run();
  figures[name] = result.figures;
  if (!json) process.stdout.write(`${result.report}\n`);
}
if (writes) {
  const { writeSnapshot } = await import("./gas-snapshot.ts");
  writeSnapshot(figures.gas);
}
// One bench by name gives its figures alone, several give them under their names.
if (json) process.stdout.write(`${JSON.stringify(named.length === 1 ? figures[named[0]] : figures)}\n`);
