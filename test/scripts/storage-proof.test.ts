import { verifyMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import { decodeRlp, getBytes, keccak256, toBeHex } from "ethers";
import { layoutNamed, readLayouts, slotNamed } from "../../scripts/storage/layouts.ts";
import { bookIdOf, slotOf } from "../../scripts/storage/page.ts";
import { authorizedOrder, readAccountWord } from "../support/builders/order.ts";
import { openTestChain } from "../support/deploy-contracts.ts";

const { load, ethers } = await openTestChain();

type Proof = {
  readonly accountProof: readonly string[];
  readonly storageProof: readonly { readonly proof: readonly string[] }[];
};

/** What somebody does who has the page, a block header that is known to be true, and a node that is not trusted. */
describe("a proof of the ledger's storage against a block's state root", () => {
  const ledger = layoutNamed(readLayouts(), "SettlementLedger");

  it("proves an order's word", async () => {
    const network = await load();
    const { id } = await authorizedOrder(network);

    const slot = slotOf(slotNamed(ledger, "_orders"), [["bytes32", id]]);

    expect(await provenWord(network.ledgerAddress, slot)).to.equal(await network.ledger.orderWord(id));
  });

  it("proves an account's word", async () => {
    const network = await load();
    const { operator, payer } = network.actors;

    const slot = slotOf(slotNamed(ledger, "_accounts"), [
      ["bytes32", bookIdOf(operator.address, network.tokenAddress)],
      ["address", payer.address],
    ]);

    expect(await provenWord(network.ledgerAddress, slot)).to.equal(await readAccountWord(network, payer));
  });

  it("proves that there is no order of an unknown id", async () => {
    const network = await load();

    const slot = slotOf(slotNamed(ledger, "_orders"), [["bytes32", ethers.id("unknown")]]);

    expect(await provenWord(network.ledgerAddress, slot)).to.equal(0n);
  });

  it("fails against another block's state root", async () => {
    const network = await load();
    const before = await stateRoot("latest");
    const { id } = await authorizedOrder(network);
    const slot = slotOf(slotNamed(ledger, "_orders"), [["bytes32", id]]);

    const failure = await provenWord(network.ledgerAddress, slot, before).catch((error: Error) => error);

    expect(failure).to.be.instanceOf(Error);
  });

  async function provenWord(contract: string, slot: bigint, root?: string): Promise<bigint> {
    const place = toBeHex(slot, 32);
    const proof: Proof = await ethers.provider.send("eth_getProof", [contract, [place], "latest"]);
    const account = await proven(root ?? (await stateRoot("latest")), contract, proof.accountProof);
    // An account in the tree of state: nonce, balance, root of its storage, hash of its code.
    const [, , storageRoot] = decodeRlp(account ?? "0xc0") as string[];
    const value = await proven(storageRoot ?? "0x", place, proof.storageProof[0]?.proof ?? []);
    return value === null ? 0n : BigInt(decodeRlp(value) as string);
  }

  /** The value under a key, or null if the proof is one of absence. */
  function proven(root: string, key: string, nodes: readonly string[]): Promise<Uint8Array | null> {
    const proof = nodes.map((node) => getBytes(node));
    return verifyMerkleProof(getBytes(keccak256(key)), proof, { root: getBytes(root) });
  }

  async function stateRoot(block: string): Promise<string> {
    const header: { stateRoot: string } = await ethers.provider.send("eth_getBlockByNumber", [block, false]);
    return header.stateRoot;
  }
});
