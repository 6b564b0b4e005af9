import { expect } from "chai";
import { AbiCoder, keccak256, TypedDataEncoder, Wallet } from "ethers";
import {
  courtDomain,
  disputeIdOf,
  evidenceAfter,
  NO_EVIDENCE,
  recoverVoteSigner,
  settlementDigest,
  signVote,
  signVotes,
} from "../../../services/chain/dispute-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";

const COURT: Hex = `0x${"cd".repeat(20)}`;
const DOMAIN = courtDomain(31337, COURT);
const ORACLE_DOMAIN = { name: "RialtoCourt", version: "1", chainId: 31337, verifyingContract: COURT };
const ORACLE_TYPES = {
  Vote: [
    { name: "disputeId", type: "bytes32" },
    { name: "round", type: "uint256" },
    { name: "payerBps", type: "uint256" },
    { name: "evidence", type: "bytes32" },
  ],
};
const ORDER_ID: Hex = `0x${"12".repeat(32)}`;
const PARTY: Hex = `0x${"34".repeat(20)}`;
const DOCUMENT: Hex = `0x${"56".repeat(32)}`;
const KEYS: Hex[] = [1, 2, 3, 4, 5].map((digit): Hex => `0x${`0${digit}`.repeat(32)}`);

describe("dispute signing", () => {
  const coder = AbiCoder.defaultAbiCoder();
  const vote = { disputeId: disputeIdOf(ORDER_ID, 1), round: 1n, payerBps: 5_000, evidence: DOCUMENT };

  it("numbers the disputes of an order as the ledger does", () => {
    const expected = keccak256(coder.encode(["bytes32", "uint256"], [ORDER_ID, 3]));
    expect(disputeIdOf(ORDER_ID, 3)).to.equal(expected);
  });

  it("accumulates evidence as the court does", () => {
    const expected = keccak256(
      coder.encode(["bytes32", "address", "bytes32"], [NO_EVIDENCE, PARTY, DOCUMENT]),
    );
    expect(evidenceAfter(NO_EVIDENCE, PARTY, DOCUMENT)).to.equal(expected);
  });

  it("signs votes as ethers signs them", async () => {
    for (const key of KEYS) {
      const signature = signVote(vote, DOMAIN, key);
      expect(signature).to.equal(await new Wallet(key).signTypedData(ORACLE_DOMAIN, ORACLE_TYPES, vote));
      expect(recoverVoteSigner(vote, DOMAIN, signature)).to.equal(addressOfKey(key));
    }
    expect(TypedDataEncoder.hashDomain(ORACLE_DOMAIN)).to.equal(DOMAIN.separator);
  });

  it("digests a settlement as ethers does", () => {
    const settlement = { disputeId: disputeIdOf(ORDER_ID, 1), amount: 300n, deadline: 9, round: 2n };
    const types = {
      SettlementOffer: [
        { name: "disputeId", type: "bytes32" },
        { name: "amount", type: "uint256" },
        { name: "deadline", type: "uint40" },
        { name: "round", type: "uint256" },
      ],
    };

    expect(settlementDigest(settlement, DOMAIN)).to.equal(
      TypedDataEncoder.hash(ORACLE_DOMAIN, types, settlement),
    );
  });

  it("orders votes by ascending signer", () => {
    const signers = signVotes(vote, DOMAIN, KEYS).map((signature) =>
      recoverVoteSigner(vote, DOMAIN, signature),
    );
    expect(signers).to.deep.equal(KEYS.map(addressOfKey).sort());
  });
});
