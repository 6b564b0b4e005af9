import { globSync, readFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { analyzeBytes, type CompilerOutput, refuseErrors, type SyntaxNode } from "./compiler.ts";

/** A node with where it is: `ancestors` begins with its parent. */
export type Visit = {
  readonly node: SyntaxNode;
  readonly ancestors: readonly SyntaxNode[];
};

/** Of one source: its bytes as latin1 text, so that the compiler's byte offsets are indexes. */
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly tree: SyntaxNode;
};

/** All of contracts/, mocks too, with what the compiler says of them. */
export function readContracts(): { sources: Source[]; output: CompilerOutput } {
  const paths = globSync("contracts/**/*.sol").sort();
  const text = Object.fromEntries(paths.map((path) => [path, readFileSync(path, "latin1")]));
  const output = refuseErrors(analyzeBytes(text));
  const sources = paths.map((path) => {
    const tree = output.sources[path]?.ast;
    if (tree === undefined) throw new RangeError(`The compiler has no tree of ${path}.`);
    return { path, text: text[path] ?? "", tree };
  });
  return { sources, output };
}

/** Where an import can be added without moving a line, and what to add. */
export function importInto({ path, tree }: Source, name: string, imported: string) {
  const pragma = listOf(tree, "nodes").find(({ nodeType }) => nodeType === "PragmaDirective");
  const from = relative(dirname(path), imported);
  const file = from.startsWith(".") ? from : `./${from}`;
  return { offset: pragma === undefined ? 0 : rangeOf(pragma)[1], text: ` import {${name}} from "${file}";` };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "nodeType" in value && "src" in value;
}

export function rangeOf(node: SyntaxNode): readonly [start: number, end: number] {
  const [start = 0, length = 0] = node.src.split(":").map((part) => Number.parseInt(part, 10));
  return [start, start + length];
}

export function textOf(source: Source, node: SyntaxNode): string {
  const [start, end] = rangeOf(node);
  return source.text.slice(start, end);
}

export function lineOf(source: Source, offset: number): number {
  return source.text.slice(0, offset).split("\n").length;
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

/** Whatever stands under a key, if it is a node. */
export function childOf(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const child = node[key];
  return isNode(child) ? child : undefined;
}

export function listOf(node: SyntaxNode, key: string): SyntaxNode[] {
  const list = node[key];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

export function typeOf(node: SyntaxNode): string {
  const descriptions = node.typeDescriptions as { typeString?: string } | undefined;
  return descriptions?.typeString ?? "";
}

/** The compiler knows the value already, so it must stay one that it can know. */
export function isRational(node: SyntaxNode): boolean {
  return /^(int_const|rational_const)/.test(typeOf(node));
}

/** The literal in the source code, if a node is nothing else. */
export function literalOf(node: SyntaxNode): string | undefined {
  return node.nodeType === "Literal" && typeof node.value === "string" ? node.value : undefined;
}

/** Every node outside of declarations of constants, types, assembly and what a function's head says. */
export function* walk(node: SyntaxNode, ancestors: readonly SyntaxNode[] = []): Generator<Visit> {
  if (isClosed(node)) return;
  yield { node, ancestors };
  for (const child of childrenOf(node)) yield* walk(child, [node, ...ancestors]);
}

function isClosed(node: SyntaxNode): boolean {
  const { nodeType } = node;
  if (nodeType === "VariableDeclaration") return node.stateVariable === true || node.constant === true;
  return /TypeName$|^(InlineAssembly|ModifierInvocation|InheritanceSpecifier|StructuredDocumentation|EventDefinition|ErrorDefinition|StructDefinition|EnumDefinition|UsingForDirective|ImportDirective|ElementaryTypeNameExpression|OverrideSpecifier|IdentifierPath|ParameterList)$/.test(
    nodeType,
  );
}

/** Declarations of all sources by id: what an identifier refers to. */
export function declarationsOf(output: CompilerOutput): ReadonlyMap<number, SyntaxNode> {
  const found = new Map<number, SyntaxNode>();
  const open = Object.values(output.sources).map(({ ast }) => ast);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (/(Definition|Declaration)$/.test(node.nodeType)) found.set(node.id, node);
    open.push(...childrenOf(node));
  }
  return found;
}

/** `Contract.function`, or what there is of it. */
export function placeOf(ancestors: readonly SyntaxNode[]): string {
  return ancestors
    .filter(({ nodeType }) => /^(ContractDefinition|FunctionDefinition|ModifierDefinition)$/.test(nodeType))
    .map(({ name, kind }) => (name === "" ? kind : name))
    .reverse()
    .join(".");
}
