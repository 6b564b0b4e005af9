import { AbiCoder, type Interface, isError, ParamType, toBeHex } from "ethers";
import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS } from "./abi.ts";
import type { ChainLog } from "./block-reads.ts";
import type { Deployment } from "./deployment.ts";

/** A log decoded by ethers. Integers are bigints, whatever their width; hex is in lower case. */
export type ParsedLog = {
  readonly name: string;
  readonly log: ChainLog;
  /** The integer argument `name`, 1 or 0 for a boolean; throws a TypeError if there is none. */
  integer(name: string): bigint;
  /** The address or bytes argument `name`; throws a TypeError if there is none. */
  hex(name: string): Hex;
};

type Declaration = {
  readonly name: string;
  readonly indexed: readonly ParamType[];
  readonly inData: readonly ParamType[];
  /** Names of the arguments that are addresses. */
  readonly addresses: ReadonlySet<string>;
};

const ADDRESS_BYTES = 20;

/**
 * A general parser by other people's code: what an audit reads the log with, so that it shares nothing with the
 * mirror's decoder. Undefined for a log that the contract at its address does not declare, or that was cut.
 */
export function createLogParser(deployment: Deployment): (log: ChainLog) => ParsedLog | undefined {
  const { contracts, tokens } = deployment;
  const token = declarationsOf(CONTRACT_ARTIFACTS.token.abi);
  const declarations = new Map<Hex, ReadonlyMap<string, Declaration>>([
    [contracts.settlementLedger.address, declarationsOf(CONTRACT_ARTIFACTS.settlementLedger.abi)],
    [contracts.disputeCourt.address, declarationsOf(CONTRACT_ARTIFACTS.disputeCourt.abi)],
    [contracts.participantRegistry.address, declarationsOf(CONTRACT_ARTIFACTS.participantRegistry.abi)],
    ...Object.values(tokens).map(({ address }) => [address, token] as const),
  ]);

  return (log) => {
    const declaration = declarations.get(log.address)?.get(log.topics[0] ?? "");
    if (declaration === undefined || log.topics.length !== declaration.indexed.length + 1) return undefined;

    const { name } = declaration;
    const args = decodeArguments(declaration, log);
    if (args === undefined) return undefined;

    return {
      name,
      log,
      integer(argument) {
        const value = args.get(argument);
        if (typeof value === "boolean") return value ? 1n : 0n;
        if (typeof value !== "bigint") throw new TypeError(`${name} has no integer ${argument}.`);
        return value;
      },
      hex(argument) {
        const value = args.get(argument);
        if (typeof value !== "string") throw new TypeError(`${name} has no bytes ${argument}.`);
        // Only addresses and bytes are strings in our events.
        return value.toLowerCase() as Hex;
      },
    };
  };
}

/** Looked up once: ethers' own search by topic takes longer than the decoding. */
function declarationsOf(abi: Interface): ReadonlyMap<string, Declaration> {
  const declarations = new Map<string, Declaration>();
  abi.forEachEvent(({ name, topicHash, inputs }) => {
    declarations.set(topicHash, {
      name,
      indexed: inputs.filter((input) => input.indexed).map(withoutChecksum),
      inData: inputs.filter((input) => !input.indexed).map(withoutChecksum),
      addresses: new Set(inputs.filter(isAddress).map(({ name }) => name)),
    });
  });
  return declarations;
}

/** An address is read as a number: ethers would hash each one for a checksum, most of the time of an audit. */
function withoutChecksum(input: ParamType): ParamType {
  return isAddress(input) ? ParamType.from({ name: input.name, type: "uint256" }) : input;
}

function isAddress({ type }: ParamType): boolean {
  return type === "address";
}

function decodeArguments(
  { indexed, inData, addresses }: Declaration,
  log: ChainLog,
): ReadonlyMap<string, unknown> | undefined {
  const coder = AbiCoder.defaultAbiCoder();
  // Every indexed argument of ours is one word, so that topics read like data.
  const topics = `0x${log.topics.slice(1).map(withoutPrefix).join("")}`;
  try {
    const values = [...coder.decode(indexed, topics).toArray(), ...coder.decode(inData, log.data).toArray()];
    return new Map(
      [...indexed, ...inData].map(({ name }, index) => [
        name,
        addresses.has(name) ? toBeHex(values[index], ADDRESS_BYTES) : values[index],
      ]),
    );
  } catch (error) {
    if (isError(error, "BUFFER_OVERRUN") || isError(error, "INVALID_ARGUMENT")) return undefined;
    throw error;
  }
}

function withoutPrefix(topic: Hex): string {
  return topic.slice(2);
}
