import { expect } from "chai";
import { Interface } from "ethers";
import {
  PROJECTED_EVENTS,
  UNPROJECTED_EVENTS,
} from "../../../services/mirror/projections/projected-events.ts";
import { REPLAYED_EVENTS, SILENT_EVENTS } from "../../../services/reconciler/replay.ts";
import { IDisputeCourt__factory } from "../../../types/ethers-contracts/factories/interfaces/IDisputeCourt__factory.ts";
import { IParticipantRegistry__factory } from "../../../types/ethers-contracts/factories/interfaces/IParticipantRegistry__factory.ts";
import { ISettlementLedger__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlementLedger__factory.ts";
import { ISettlementToken__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlementToken__factory.ts";

const DECLARED = [
  ISettlementLedger__factory,
  IDisputeCourt__factory,
  IParticipantRegistry__factory,
  ISettlementToken__factory,
].flatMap(({ abi }) => eventNames(new Interface(abi)));

describe("events of the contracts", () => {
  it("are each followed by a table or left alone for a reason, never both", () => {
    const unprojected = Object.keys(UNPROJECTED_EVENTS);
    const both = unprojected.filter((name) => (PROJECTED_EVENTS as ReadonlySet<string>).has(name));

    expect(both).to.deep.equal([]);
    expect([...PROJECTED_EVENTS, ...unprojected].sort()).to.deep.equal([...new Set(DECLARED)].sort());
  });

  it("are each added up by the audit or known to move nothing", () => {
    const missing = DECLARED.filter((name) => !REPLAYED_EVENTS.has(name) && !SILENT_EVENTS.has(name));

    expect(missing).to.deep.equal([]);
    expect([...SILENT_EVENTS].filter((name) => REPLAYED_EVENTS.has(name))).to.deep.equal([]);
  });
});

function eventNames(abi: Interface): string[] {
  const names: string[] = [];
  abi.forEachEvent(({ name }) => names.push(name));
  return names;
}
