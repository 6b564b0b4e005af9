import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What contract tests import besides contracts and generated types. */
const COPIED = ["test", "services", "scripts", "bench"];

/**
 * Copies what contract tests need below cache/, where it finds node_modules but has artifacts and types of its own:
 * what is compiled there for a measurement is never taken for the product.
 */
export function copyProject(folder: string, contracts: Readonly<Record<string, Buffer>>): void {
  for (const file of copiedFiles()) write(join(folder, file), readFileSync(file));
  for (const [path, content] of Object.entries(contracts)) write(join(folder, path), content);
  for (const file of ["package.json", "hardhat.config.ts"]) cpSync(file, join(folder, file));
}

export function copiedFiles(): string[] {
  return COPIED.flatMap((name) => globSync(`${name}/**/*.{ts,sol,json,sql,mjs}`)).sort();
}

export function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
