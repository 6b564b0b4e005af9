import type { SyntaxNode } from "../solidity/compiler.ts";
import {
  childOf,
  isRational,
  listOf,
  literalOf,
  rangeOf,
  type Source,
  textOf,
  typeOf,
  type Visit,
} from "../solidity/syntax.ts";

/** How a mutant is woven in: in place of an expression, of a statement, or as the negation of a condition. */
export type Shape = "expression" | "statement" | "negation" | "modifier";

export type Mutation = {
  readonly operator: string;
  readonly shape: Shape;
  readonly start: number;
  readonly end: number;
  /** What stands there instead; for a negation and a deletion, only what people are shown. */
  readonly replacement: string;
  /** The function that loses a modifier. */
  readonly owner?: SyntaxNode;
};

export type Context = {
  readonly source: Source;
  readonly declarations: ReadonlyMap<number, SyntaxNode>;
};

const SWAPS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "&&": ["||"],
  "||": ["&&"],
  "|": ["&"],
  "&": ["|"],
  "^": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
};

const COMPARISONS = ["<", "<=", ">", ">=", "==", "!="];

const ASSIGNMENTS: Readonly<Record<string, string>> = {
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
};

type Operator = (visit: Visit, context: Context) => readonly Mutation[];

/** By kind of node, all that can be done to it. */
const OPERATORS: Readonly<Record<string, readonly Operator[]>> = {
  BinaryOperation: [swapBinary],
  Assignment: [swapAssignment],
  UnaryOperation: [dropUnary],
  IfStatement: [negateCondition],
  Conditional: [negateCondition],
  ExpressionStatement: [deleteStatement],
  EmitStatement: [deleteStatement],
  RevertStatement: [deleteStatement],
  Continue: [deleteStatement],
  Break: [deleteStatement],
  Return: [deleteReturn],
  Literal: [changeLiteral],
  Identifier: [changeConstant],
  MemberAccess: [changeConstant],
  FunctionCall: [negateRequirement, swapMinMax, swapArguments],
  FunctionDefinition: [dropModifiers],
};

export function mutationsOf(visit: Visit, context: Context): Mutation[] {
  return (OPERATORS[visit.node.nodeType] ?? []).flatMap((operator) => operator(visit, context));
}

function at(node: SyntaxNode, rest: Omit<Mutation, "start" | "end">): Mutation {
  const [start, end] = rangeOf(node);
  return { start, end, ...rest };
}

function swapBinary({ node }: Visit, { source }: Context): Mutation[] {
  const left = childOf(node, "leftExpression");
  const right = childOf(node, "rightExpression");
  if (left === undefined || right === undefined || isRational(node)) return [];
  return (SWAPS[String(node.operator)] ?? []).map((operator) =>
    at(node, {
      operator: `${node.operator} to ${operator}`,
      shape: "expression",
      replacement: `(${textOf(source, left)}) ${operator} (${textOf(source, right)})`,
    }),
  );
}

function swapAssignment({ node }: Visit, { source }: Context): Mutation[] {
  const operator = ASSIGNMENTS[String(node.operator)];
  const left = childOf(node, "leftHandSide");
  const right = childOf(node, "rightHandSide");
  if (operator === undefined || left === undefined || right === undefined) return [];
  const replacement = `${textOf(source, left)} ${operator} ${textOf(source, right)}`;
  return [at(node, { operator: `${node.operator} to ${operator}`, shape: "expression", replacement })];
}

function dropUnary({ node }: Visit, { source }: Context): Mutation[] {
  const inner = childOf(node, "subExpression");
  if (inner === undefined || isRational(node) || !/^[!~]$/.test(String(node.operator))) return [];
  const operator = `without ${node.operator}`;
  return [at(node, { operator, shape: "expression", replacement: `(${textOf(source, inner)})` })];
}

/** A comparison or a negation alone has its opposite among its own mutants. */
function negate(condition: SyntaxNode | undefined, source: Source): Mutation[] {
  if (condition === undefined) return [];
  if (condition.nodeType === "UnaryOperation" || COMPARISONS.includes(String(condition.operator))) return [];
  const replacement = `!(${textOf(source, condition)})`;
  return [at(condition, { operator: "negated condition", shape: "negation", replacement })];
}

function negateCondition({ node }: Visit, { source }: Context): Mutation[] {
  return negate(childOf(node, "condition"), source);
}

function negateRequirement({ node }: Visit, { source }: Context): Mutation[] {
  const isRequirement = /^(require|assert)$/.test(String(childOf(node, "expression")?.name));
  return isRequirement ? negate(listOf(node, "arguments")[0], source) : [];
}

function deleteStatement({ node, ancestors: [parent] }: Visit): Mutation[] {
  // Without its step a loop only times out, and its beginning has no place for an `if`.
  const isLoopHead =
    parent?.nodeType === "ForStatement" &&
    [parent.loopExpression, parent.initializationExpression].includes(node);
  // The compiler refuses a reference to nothing.
  const target = typeOf(childOf(childOf(node, "expression") ?? node, "leftHandSide") ?? node);
  if (isLoopHead || / (storage pointer|calldata)$/.test(target)) return [];
  return [at(node, { operator: "deleted statement", shape: "statement", replacement: "" })];
}

function deleteReturn(visit: Visit, _: Context): Mutation[] {
  return childOf(visit.node, "expression") === undefined ? deleteStatement(visit) : [];
}

function changeLiteral({ node, ancestors: [parent, grandparent] }: Visit): Mutation[] {
  if (node.kind === "bool") {
    const replacement = literalOf(node) === "true" ? "false" : "true";
    return [at(node, { operator: "other constant", shape: "negation", replacement })];
  }
  const literal = literalOf(node);
  if (literal === undefined || node.kind !== "number" || !/^[\d_]+$/.test(literal)) return [];
  if (parent === undefined || node.subdenomination || (isRational(parent) && parent.nodeType !== "Literal"))
    return [];
  // Whoever asks whether a list is at its end has the boundary among the comparisons.
  if (grandparent?.nodeType === "ForStatement" && parent.nodeType !== "ExpressionStatement") return [];
  const common = parent.commonType as { typeString: string } | undefined;
  if (common !== undefined && !/^u?int/.test(common.typeString)) return [];
  const value = BigInt(literal.replaceAll("_", ""));
  const other = value === 1n ? 0n : value + 1n;
  if (bytesOf(other) !== bytesOf(value)) return [];
  if (parent.kind === "typeConversion" && !/^u?int/.test(typeOf(parent)))
    return changeConversion(parent, other);
  const replacement = decidesType(node, parent) ? `uint256(${other})` : String(other);
  return [at(node, { operator: "other constant", shape: "expression", replacement })];
}

function changeConversion(conversion: SyntaxNode, value: bigint): Mutation[] {
  const type = typeOf(conversion);
  const replacement = { address: `address(uint160(${value}))`, bytes32: `bytes32(uint256(${value}))` }[type];
  if (replacement === undefined) return [];
  return [at(conversion, { operator: "other constant", shape: "expression", replacement })];
}

/** What is shifted or raised gives the result its type, which for a literal is uint256. */
function decidesType(node: SyntaxNode, parent: SyntaxNode): boolean {
  return /^(<<|>>|\*\*)$/.test(String(parent.operator)) && parent.leftExpression === node;
}

/** Another width would be another type, and with it another point at which sums overflow. */
function bytesOf(value: bigint): number {
  return Math.max(1, Math.ceil(value.toString(16).length / 2));
}

function changeConstant({ node, ancestors: [parent] }: Visit, { source, declarations }: Context): Mutation[] {
  const declared = declarations.get(Number(node.referencedDeclaration));
  if (declared?.nodeType !== "VariableDeclaration" || declared.constant !== true) return [];
  if (!/^uint\d+$/.test(typeOf(node)) || parent?.nodeType === "MemberAccess") return [];
  const replacement = `${textOf(source, node)} + 1`;
  return [at(node, { operator: "other constant", shape: "expression", replacement })];
}

function swapMinMax({ node }: Visit, { source }: Context): Mutation[] {
  const callee = childOf(node, "expression");
  const name = String(callee?.memberName ?? callee?.name);
  const other = { min: "max", max: "min" }[name];
  if (callee === undefined || other === undefined) return [];
  const replacement = textOf(source, node).replace(new RegExp(`\\b${name}\\(`), `${other}(`);
  return [at(node, { operator: `${name} to ${other}`, shape: "expression", replacement })];
}

/** Neighbours of one type, in calls of functions that are no errors or events, and of which order matters. */
function swapArguments({ node, ancestors: [parent] }: Visit, { source, declarations }: Context): Mutation[] {
  const callee = childOf(node, "expression");
  const declared = declarations.get(Number(callee?.referencedDeclaration));
  if (node.kind !== "functionCall" || declared?.nodeType !== "FunctionDefinition") return [];
  if (/^_?(min|max)$/.test(String(declared.name))) return [];
  const isStatement = parent?.nodeType === "ExpressionStatement";
  if (typeOf(node).startsWith("tuple(") && !isStatement) return [];

  const list = listOf(node, "arguments");
  return list.flatMap((first, index) => {
    const second = list[index + 1];
    if (second === undefined || typeOf(first) !== typeOf(second)) return [];
    if (textOf(source, first) === textOf(source, second)) return [];
    const replacement = exchange(source, node, first, second);
    const shape = isStatement ? "statement" : "expression";
    return [at(isStatement ? parent : node, { operator: "swapped arguments", shape, replacement })];
  });
}

function exchange(source: Source, whole: SyntaxNode, first: SyntaxNode, second: SyntaxNode): string {
  const [start, end] = rangeOf(whole);
  const [firstStart, firstEnd] = rangeOf(first);
  const [secondStart, secondEnd] = rangeOf(second);
  const { text } = source;
  return [
    text.slice(start, firstStart),
    text.slice(secondStart, secondEnd),
    text.slice(firstEnd, secondStart),
    text.slice(firstStart, firstEnd),
    text.slice(secondEnd, end),
  ].join("");
}

/** Only where every parameter has a name by which it can be handed on. */
function dropModifiers({ node }: Visit, { source }: Context): Mutation[] {
  if (node.kind !== "function" || childOf(node, "body") === undefined) return [];
  const parameters = listOf(node.parameters as SyntaxNode, "parameters");
  if (parameters.some(({ name }) => name === "")) return [];
  return listOf(node, "modifiers")
    .filter(({ kind }) => kind === "modifierInvocation")
    .map((modifier) =>
      at(modifier, {
        operator: `without ${textOf(source, modifier)}`,
        shape: "modifier",
        replacement: "",
        owner: node,
      }),
    );
}
