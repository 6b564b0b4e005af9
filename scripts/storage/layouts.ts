import {
  analyzeSolidity,
  type CompilerOutput,
  productContracts,
  readSources,
  refuseErrors,
  type SyntaxNode,
} from "../solidity/compiler.ts";

export type Entry = {
  readonly astId: number;
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
};

export type StorageType = {
  readonly label: string;
  readonly encoding: string;
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly base?: string;
  readonly members?: readonly Entry[];
};

export type ContractLayout = {
  /** More than one where contracts run on one storage, as the ledger and its parts. */
  readonly names: readonly string[];
  readonly storage: readonly Entry[];
  readonly types: Readonly<Record<string, StorageType>>;
  /** By name of a mapping, what its keys are called in the source. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
};

/** Layouts of all contracts that can be deployed and have storage; those with the same one together. */
export function readLayouts(): ContractLayout[] {
  const paths = productContracts();
  const output = refuseErrors(analyzeSolidity(readSources(paths), ["storageLayout"]));
  const keyNames = keyNamesOf(output);
  const layouts = paths
    .flatMap((path) => deployable(output, path).map((name) => layoutOf(output, path, name, keyNames)))
    .filter(({ storage }) => storage.length > 0);
  return [...Map.groupBy(layouts, shapeOf).values()].map((alike) => ({
    ...(alike[0] as ContractLayout),
    names: alike.flatMap(({ names }) => names),
  }));
}

/** The layout in which a contract of this name keeps its storage. */
export function layoutNamed(layouts: readonly ContractLayout[], name: string): ContractLayout {
  const found = layouts.find(({ names }) => names.includes(name));
  if (found === undefined) throw new RangeError(`No contract ${name} has storage.`);
  return found;
}

export function slotNamed({ names, storage }: ContractLayout, variable: string): bigint {
  const entry = storage.find(({ label }) => label === variable);
  if (entry === undefined) throw new RangeError(`${names.join(", ")} has no ${variable}.`);
  return BigInt(entry.slot);
}

function layoutOf(
  output: CompilerOutput,
  path: string,
  name: string,
  keyNames: ReadonlyMap<number, readonly string[]>,
): ContractLayout {
  const layout = output.contracts[path]?.[name]?.storageLayout;
  const { storage, types } = layout as Pick<ContractLayout, "storage" | "types">;
  const keys = storage.map(({ label, astId }) => [label, keyNames.get(astId) ?? []] as const);
  return { names: [name], storage, types: types ?? {}, keys: new Map(keys) };
}

/** Equal for contracts that have the same variables, of the same declarations, in the same places. */
function shapeOf({ storage }: ContractLayout): string {
  return JSON.stringify(storage.map(({ astId, slot, offset }) => [astId, slot, offset]));
}

function deployable(output: CompilerOutput, path: string): string[] {
  const nodes = (output.sources[path]?.ast.nodes ?? []) as SyntaxNode[];
  return nodes
    .filter(({ contractKind, abstract }) => contractKind === "contract" && abstract !== true)
    .map(({ name }) => String(name));
}

/** By id of a declaration, the names of its mapping's keys from the outermost on. */
function keyNamesOf({ sources }: CompilerOutput): Map<number, string[]> {
  const variables = Object.values(sources)
    .flatMap(({ ast }) => (ast.nodes ?? []) as SyntaxNode[])
    .flatMap(({ nodes }) => (nodes ?? []) as SyntaxNode[])
    .filter(({ nodeType }) => nodeType === "VariableDeclaration");
  return new Map(variables.map((node) => [node.id, keyNamesIn(node.typeName as SyntaxNode)]));
}

function keyNamesIn(type: SyntaxNode): string[] {
  if (type.nodeType !== "Mapping") return [];
  return [String(type.keyName || "key"), ...keyNamesIn(type.valueType as SyntaxNode)];
}
