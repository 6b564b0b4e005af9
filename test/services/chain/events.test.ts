import { randomInt } from "node:crypto";
import { expect } from "chai";
import { type EventFragment, Interface, type ParamType } from "ethers";
import fc from "fast-check";
import type { ChainLog } from "../../../services/chain/block-reads.ts";
import { createEventDecoder, isStandardEvent } from "../../../services/chain/events.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { IDisputeCourt__factory } from "../../../types/ethers-contracts/factories/interfaces/IDisputeCourt__factory.ts";
import { IParticipantRegistry__factory } from "../../../types/ethers-contracts/factories/interfaces/IParticipantRegistry__factory.ts";
import { ISettlementLedger__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { ISettlementToken__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlementToken__factory.ts";
import { SettlementToken__factory } from "../../../types/ethers-contracts/factories/token/SettlementToken__factory.ts";

const SOURCES = {
  ledger: addressOf(1),
  court: addressOf(2),
  registry: addressOf(3),
  tokens: [addressOf(4), addressOf(5)],
};

const CONTRACTS = [
  { address: SOURCES.ledger, abi: new Interface(ISettlementLedger__factory.abi) },
  { address: SOURCES.court, abi: new Interface(IDisputeCourt__factory.abi) },
  { address: SOURCES.registry, abi: new Interface(IParticipantRegistry__factory.abi) },
  { address: addressOf(5), abi: new Interface(ISettlementToken__factory.abi) },
];

const seed = randomInt(2 ** 31);
const decode = createEventDecoder(SOURCES);

describe(`event decoder (seed ${seed})`, () => {
  for (const { address, abi } of CONTRACTS) {
    abi.forEachEvent((event) => {
      it(`reads ${event.name} as ethers does`, () => {
        const values = fc.tuple(...event.inputs.map(arbitraryOf));
        fc.assert(
          fc.property(values, (args) => {
            const log = logOf(address, abi, event, args);
            const decoded = decode(log);

            const oracle = abi.parseLog({ topics: [...log.topics], data: log.data });
            expect(decoded?.name).to.equal(oracle?.name);
            expect(decoded?.contract).to.equal(address);
            expect(decoded?.log).to.equal(log);
            const expected = Object.fromEntries(event.inputs.map(({ name }) => [name, oracle?.args[name]]));
            expect(normalize(decoded?.args)).to.deep.equal(normalize(expected));
          }),
          { seed, numRuns: 40 },
        );
      });
    });
  }

  context("given a log that is not declared", () => {
    const deposited = CONTRACTS[0]?.abi.getEvent("Deposited");

    it("has nothing for a topic of another contract", () => {
      const log = logWith({ address: SOURCES.court, topics: [deposited?.topicHash as Hex] });

      expect(decode(log)).to.equal(undefined);
    });

    it("has nothing for an address that is not ours", () => {
      const log = logWith({ address: addressOf(9), topics: [deposited?.topicHash as Hex] });

      expect(decode(log)).to.equal(undefined);
    });

    it("knows the events of inherited standards", () => {
      const transfer = new Interface(SettlementToken__factory.abi).getEvent("Transfer");

      expect(
        isStandardEvent(logWith({ address: addressOf(4), topics: [transfer?.topicHash as Hex] })),
      ).to.equal(true);
      expect(isStandardEvent(logWith({ address: addressOf(4), topics: [] }))).to.equal(false);
    });
  });

  context("given bytes that do not fit the declaration", () => {
    const abi = new Interface(IParticipantRegistry__factory.abi);
    const event = abi.getEvent("ParticipantRegistered") as EventFragment;
    const log = logOf(SOURCES.registry, abi, event, [
      addressOf(7),
      2n,
      1n,
      99n,
      addressOf(8),
      `0x${"ab".repeat(32)}`,
    ]);

    it("has nothing for data that was cut", () => {
      expect(decode({ ...log, data: log.data.slice(0, -2) as Hex })).to.equal(undefined);
    });

    it("has nothing for a missing topic", () => {
      expect(decode({ ...log, topics: log.topics.slice(0, 2) })).to.equal(undefined);
    });

    it("has nothing for a number beyond its type", () => {
      expect(decode({ ...log, data: `0x${"f".repeat(64)}${log.data.slice(66)}` })).to.equal(undefined);
    });
  });
});

function arbitraryOf(input: ParamType): fc.Arbitrary<unknown> {
  if (input.type === "address") return hexOf(20);
  if (input.type === "bytes32") return hexOf(32);
  if (input.type === "bool") return fc.boolean();
  if (input.type === "address[]") return fc.array(hexOf(20), { maxLength: 5 });
  if (input.type === "bytes") return fc.uint8Array({ maxLength: 100 });

  const bits = BigInt(/^uint(\d+)$/.exec(input.type)?.[1] ?? "0");
  return fc.bigInt({ min: 0n, max: 2n ** bits - 1n });
}

function hexOf(bytes: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((array) => `0x${Buffer.from(array).toString("hex")}`);
}

function logOf(address: Hex, abi: Interface, event: EventFragment, args: readonly unknown[]): ChainLog {
  const { topics, data } = abi.encodeEventLog(event, args);
  return logWith({ address, topics: topics as Hex[], data: data as Hex });
}

function logWith(log: Pick<ChainLog, "address" | "topics"> & Partial<ChainLog>): ChainLog {
  return {
    data: "0x",
    blockHash: `0x${"1".repeat(64)}`,
    blockNumber: 1,
    logIndex: 0,
    txHash: `0x${"2".repeat(64)}`,
    txIndex: 0,
    ...log,
  };
}

function addressOf(digit: number): Hex {
  return `0x${digit.toString().repeat(40)}`;
}

/** Numbers and bigints as decimal text, hex in lower case: the two decoders differ in representation only. */
function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, normalize(field)]));
  }
  return typeof value === "string" ? value.toLowerCase() : String(value);
}
