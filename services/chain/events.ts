import { Interface, type InterfaceAbi, id } from "ethers";
import { IDisputeCourt__factory } from "../../types/ethers-contracts/factories/interfaces/IDisputeCourt__factory.ts";
import { IParticipantRegistry__factory } from "../../types/ethers-contracts/factories/interfaces/IParticipantRegistry__factory.ts";
import { ISettlementLedger__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { ISettlementToken__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlementToken__factory.ts";
import type { Hex } from "../domain/order-terms.ts";
import { type FieldReader, readerFor } from "./abi-fields.ts";
import type { ChainLog } from "./block-reads.ts";
import type { Deployment } from "./deployment.ts";

type LedgerEvent = EventsOf<typeof ISettlementLedger__factory.abi>;
type CourtEvent = EventsOf<typeof IDisputeCourt__factory.abi>;
type RegistryEvent = EventsOf<typeof IParticipantRegistry__factory.abi>;
type TokenEvent = EventsOf<typeof ISettlementToken__factory.abi>;

/**
 * One event of our contracts, told apart by `name`. The shape of `args` follows the ABIs: integers of at most 48 bits
 * are numbers, larger ones bigints, addresses and bytes lower-case hex.
 */
export type ChainEvent = LedgerEvent | CourtEvent | RegistryEvent | TokenEvent;

export type ChainEventName = ChainEvent["name"];

/** The event of one name. */
export type ChainEventOf<Name extends ChainEventName> = Extract<ChainEvent, { name: Name }>;

/** Which address is which contract; a topic counts only at the contract that declares it. */
export type EventSources = {
  readonly ledger: Hex;
  readonly court: Hex;
  readonly registry: Hex;
  readonly tokens: readonly Hex[];
};

/** Where the events of a deployed network come from. */
export function eventSourcesOf({ contracts, tokens }: Deployment): EventSources {
  return {
    ledger: contracts.settlementLedger.address,
    court: contracts.disputeCourt.address,
    registry: contracts.participantRegistry.address,
    tokens: Object.values(tokens).map((token) => token.address),
  };
}

/** Decodes a log; undefined if its contract declares no such event or its bytes do not fit the declaration. */
export type EventDecoder = (log: ChainLog) => ChainEvent | undefined;

/**
 * Makes a decoder for the logs of one set of contracts.
 *
 * It slices words at offsets worked out once from the ABIs, about a hundred times faster than a general parser; the
 * ABIs are read here, so a changed interface changes the decoder with it.
 */
export function createEventDecoder(sources: EventSources): EventDecoder {
  const ledger = layoutsOf(ISettlementLedger__factory.abi);
  const court = layoutsOf(IDisputeCourt__factory.abi);
  const registry = layoutsOf(IParticipantRegistry__factory.abi);
  const token = layoutsOf(ISettlementToken__factory.abi);
  const layoutsByAddress = new Map<Hex, ReadonlyMap<string, EventLayout>>([
    [sources.ledger, ledger],
    [sources.court, court],
    [sources.registry, registry],
    ...sources.tokens.map((address) => [address, token] as const),
  ]);

  return (log) => {
    const layout = layoutsByAddress.get(log.address)?.get(log.topics[0] ?? "");
    if (layout === undefined) return undefined;

    const args = decodeFields(layout, log);
    // The layout comes from the same ABI as the type, which no checker can see.
    return args && ({ name: layout.name, contract: log.address, log, args } as unknown as ChainEvent);
  };
}

/** Events of the standards that our contracts inherit; our own say all of it again, so nothing is lost by them. */
const STANDARD_TOPICS: ReadonlySet<string> = new Set(
  [
    "Transfer(address,address,uint256)",
    "Approval(address,address,uint256)",
    "AuthorizationUsed(address,bytes32)",
    "AuthorizationCanceled(address,bytes32)",
    "EIP712DomainChanged()",
    "AuthorityUpdated(address)",
    // ERC-7943: holders and amounts are the token's own affair; standing comes with the registry's events.
    "Frozen(address,uint256)",
    "ForcedTransfer(address,address,uint256)",
  ].map(id),
);

/** Whether a log without an event of ours is one of an inherited standard, and so no cause for alarm. */
export function isStandardEvent(log: ChainLog): boolean {
  return STANDARD_TOPICS.has(log.topics[0] ?? "");
}

type EventLayout = {
  readonly name: string;
  readonly topicCount: number;
  readonly fields: readonly FieldLayout[];
};

type FieldLayout = {
  readonly name: string;
  readonly isIndexed: boolean;
  /** Of the topics when indexed, of the words of the data otherwise. */
  readonly position: number;
  readonly read: FieldReader;
};

function layoutsOf(abi: InterfaceAbi): ReadonlyMap<string, EventLayout> {
  const layouts = new Map<string, EventLayout>();
  new Interface(abi).forEachEvent((event) => {
    let topicCount = 1;
    let wordCount = 0;
    const fields = event.inputs.map((input): FieldLayout => {
      const isIndexed = input.indexed === true;
      const position = isIndexed ? topicCount++ : wordCount++;
      return { name: input.name, isIndexed, position, read: readerFor(input.type) };
    });
    layouts.set(event.topicHash, { name: event.name, topicCount, fields });
  });
  return layouts;
}

function decodeFields(layout: EventLayout, log: ChainLog): Record<string, unknown> | undefined {
  if (log.topics.length !== layout.topicCount) return undefined;

  const args: Record<string, unknown> = {};
  for (const field of layout.fields) {
    const source = field.isIndexed ? log.topics[field.position] : log.data;
    const value = source && field.read(source, field.isIndexed ? 0 : field.position);
    if (value === undefined) return undefined;
    args[field.name] = value;
  }
  return args;
}

type EventsOf<Abi extends readonly unknown[]> = EventOf<Extract<Abi[number], AbiEvent>>;

type AbiEvent = { readonly type: "event"; readonly name: string; readonly inputs: readonly AbiInput[] };
type AbiInput = { readonly name: string; readonly type: string };

type EventOf<Event extends AbiEvent> = Event extends AbiEvent
  ? {
      readonly name: Event["name"];
      readonly contract: Hex;
      readonly log: ChainLog;
      readonly args: { readonly [Input in Event["inputs"][number] as Input["name"]]: ValueOf<Input["type"]> };
    }
  : never;

type SmallUint = "uint8" | "uint16" | "uint24" | "uint32" | "uint40" | "uint48";

type ValueOf<Type extends string> = Type extends "address[]"
  ? readonly Hex[]
  : Type extends "address" | `bytes${string}`
    ? Hex
    : Type extends "bool"
      ? boolean
      : Type extends SmallUint
        ? number
        : bigint;
