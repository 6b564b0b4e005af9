import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

export type SolidityError = {
  readonly severity: "error" | "warning" | "info";
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
};

/** A node of solc's syntax tree; what else it has depends on `nodeType`. */
export type SyntaxNode = {
  readonly id: number;
  readonly nodeType: string;
  /** `start:length:file` in bytes of UTF-8. */
  readonly src: string;
  readonly [key: string]: unknown;
};

export type CompilerOutput = {
  readonly errors: readonly SolidityError[];
  readonly sources: Readonly<Record<string, { readonly id: number; readonly ast: SyntaxNode }>>;
  readonly contracts: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
};

type Compiler = {
  compile(
    input: string,
    callbacks: { import(path: string): { contents: string } | { error: string } },
  ): string;
};

let compiler: Compiler | undefined;

/**
 * Analyses sources by path from the repository's root with the same compiler as hardhat.config.ts, in about two seconds;
 * what they import is read from here and from node_modules. Nothing asked for here needs code, so no setting of the
 * optimizer matters. Errors are in the output, they are not thrown.
 */
export function analyzeSolidity(
  contents: Readonly<Record<string, string>>,
  contractOutputs: readonly string[] = [],
): CompilerOutput {
  compiler ??= createRequire(import.meta.url)("solc") as Compiler;
  const sources = Object.fromEntries(Object.entries(contents).map(([path, content]) => [path, { content }]));
  const settings = { evmVersion: "cancun", outputSelection: { "*": { "": ["ast"], "*": contractOutputs } } };
  const input = JSON.stringify({ language: "Solidity", sources, settings });
  const output = JSON.parse(compiler.compile(input, { import: readImport })) as Partial<CompilerOutput>;
  return { errors: output.errors ?? [], sources: output.sources ?? {}, contracts: output.contracts ?? {} };
}

/** Throws with the compiler's own words if there is an error among the messages. */
export function refuseErrors(output: CompilerOutput): CompilerOutput {
  const errors = output.errors.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  return output;
}

/**
 * Sources by path in latin1, one character a byte, as the compiler counts; it gets them decoded. What is woven into such
 * text keeps its offsets.
 */
export function analyzeBytes(latin1: Readonly<Record<string, string>>): CompilerOutput {
  const contents = Object.entries(latin1).map(([path, text]) => [path, utf8Of(text)]);
  return analyzeSolidity(Object.fromEntries(contents));
}

export function utf8Of(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** The paths of what is deployed, and of what that is made of: contracts/ without mocks. */
export function productContracts(): string[] {
  return globSync("contracts/**/*.sol")
    .filter((path) => !path.startsWith("contracts/mocks/"))
    .sort();
}

export function readSources(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")]));
}

function readImport(path: string) {
  const found = [path, `node_modules/${path}`].find((candidate) => existsSync(candidate));
  return found === undefined ? { error: `There is no ${path}.` } : { contents: readFileSync(found, "utf8") };
}
