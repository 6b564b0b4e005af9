import { AbiCoder, id, keccak256, toBeHex } from "ethers";
import { type ContractLayout, type Entry, layoutNamed, type StorageType, slotNamed } from "./layouts.ts";
import type { PackedWord } from "./packed-words.ts";

/** The slot of what a mapping, or one inside another, has under these keys: pairs of a Solidity type and a value. */
export function slotOf(
  base: bigint,
  keys: readonly (readonly [type: string, value: string | bigint])[],
): bigint {
  return keys.reduce((slot, [type, value]) => BigInt(hashOf([type, "uint256"], [value, slot])), base);
}

/** The key of what an operator has in a token: the ledger's mappings of books begin with it. */
export function bookIdOf(operator: string, token: string): string {
  return hashOf(["address", "address"], [operator, token]);
}

/** The whole page, as it must be in the repository. */
export function formatStoragePage(layouts: readonly ContractLayout[], words: readonly PackedWord[]): string {
  return `${[
    introduction(layoutNamed(layouts, "SettlementLedger")),
    ...words.map(formatWord),
    ...layouts.map(formatContract),
  ].join("\n\n")}\n`;
}

function introduction(ledger: ContractLayout): string {
  const base = slotNamed(ledger, "_orders");
  const order = id("example");
  return `# Where everything is stored

Written by \`npm run storage-layout\` from the compiler's layouts and the comments at the packed types; a test fails when it
is out of date. With it anyone can prove a word of storage against a block's state root with \`eth_getProof\`, and need not
trust the node that answers: \`test/scripts/storage-proof.test.ts\` does so for an order and an account.

- A mapping's entry is in slot \`keccak256(abi.encode(key, slot of the mapping))\`; a mapping inside a mapping goes on from
  there with its own key. The entries of an array are from slot \`keccak256(abi.encode(slot of the array))\` on.
- A struct's members count from its first slot. \`byte\` counts from the least significant byte of the slot.
- \`bookId\` is \`keccak256(abi.encode(operator, token))\`; order and dispute ids are those of docs/architecture.md.
- Contracts that are named together have one storage: that of the ledger is at the address of SettlementLedger alone.
- Constants and immutables are code, not storage. The locks against reentrancy are transient.

The order of id \`keccak256("example")\` is in slot \`${toBeHex(slotOf(base, [["bytes32", order]]), 32)}\`.
With cast, and with ethers:

\`\`\`sh
cast index bytes32 ${order} ${base}
cast proof LEDGER $(cast index bytes32 ORDER_ID ${base}) --block NUMBER
\`\`\`

\`\`\`ts
const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [orderId, ${base}n]));
const proof = await provider.send("eth_getProof", [ledger, [slot], block]);
\`\`\`

# Packed words`;
}

function formatWord({ name, path, fields, notes }: PackedWord): string {
  const rows = fields.map(({ name, shift, bits }) => `| ${name} | ${shift} | ${bits} |`);
  return [
    `## ${name} (\`${path}\`)`,
    ["| field | from bit | bits |", "|---|---:|---:|", ...rows].join("\n"),
    ...(notes === "" ? [] : [notes]),
  ].join("\n\n");
}

function formatContract(layout: ContractLayout, index: number): string {
  const { names, storage, types, keys } = layout;
  const mappings = storage
    .filter(({ type }) => types[type]?.encoding === "mapping")
    .map((entry) => `- ${formulaOf(entry, types, keys.get(entry.label) ?? [])}`);
  const structs = structsIn(layout).map(
    ({ label, members = [] }) => `\`${label}\`:\n\n${table("member", members, types)}`,
  );
  return [
    ...(index === 0 ? ["# Contracts"] : []),
    `## ${names.join(", ")}`,
    table("variable", storage, types),
    ...(mappings.length > 0 ? [mappings.join("\n")] : []),
    ...structs,
  ].join("\n\n");
}

function table(head: string, entries: readonly Entry[], types: ContractLayout["types"]): string {
  const rows = entries.map(
    ({ label, slot, offset, type }) =>
      `| \`${label}\` | ${slot} | ${offset} | \`${types[type]?.label ?? type}\` |`,
  );
  return [`| ${head} | slot | byte | type |`, "|---|---:|---:|---|", ...rows].join("\n");
}

/** As `_orders[orderId]`: slot `keccak256(abi.encode(orderId, 9))`. */
function formulaOf({ label, slot, type }: Entry, types: ContractLayout["types"], names: readonly string[]) {
  let formula = slot;
  let value: string | undefined = type;
  const keys: string[] = [];
  for (let mapping = types[type]; mapping?.encoding === "mapping"; mapping = types[value ?? ""]) {
    const key = names[keys.length] ?? "key";
    keys.push(key);
    formula = `keccak256(abi.encode(${key}, ${formula}))`;
    value = mapping.value;
  }
  const holds = types[value ?? ""]?.label ?? "";
  return `\`${label}${keys.map((key) => `[${key}]`).join("")}\` is a \`${holds}\` in slot \`${formula}\``;
}

/** Every struct that is reached from the contract's variables, once. */
function structsIn({ storage, types }: ContractLayout): StorageType[] {
  const open = storage.map(({ type }) => type);
  const seen = new Set<string>();
  for (let type = open.shift(); type !== undefined; type = open.shift()) {
    if (seen.has(type)) continue;
    seen.add(type);
    const { key, value, base, members = [] } = types[type] ?? {};
    open.push(...[key, value, base].filter((part) => part !== undefined), ...members.map(({ type }) => type));
  }
  return [...seen].map((type) => types[type]).filter((type) => type?.members !== undefined) as StorageType[];
}

function hashOf(types: readonly string[], values: readonly (string | bigint)[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode([...types], [...values]));
}
