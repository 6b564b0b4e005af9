import { expect } from "chai";
import { CONTRACT_ARTIFACTS } from "../../../services/chain/abi.ts";
import { RpcError } from "../../../services/chain/json-rpc.ts";
import { decodeRevert, REVERT_CODES, refusalOf } from "../../../services/chain/reverts.ts";
import { DOMAIN_ERROR_CODES } from "../../../services/domain/errors.ts";

const ORDER_ID = `0x${"ab".repeat(32)}`;
const LEDGER = CONTRACT_ARTIFACTS.settlementLedger.abi;

describe("reverts", () => {
  it("have a domain code for every error of every contract, and for no other", () => {
    const declared = new Set<string>();
    for (const { abi } of Object.values(CONTRACT_ARTIFACTS))
      abi.forEachError(({ name }) => declared.add(name));
    expect(Object.keys(REVERT_CODES).sort()).to.deep.equal([...declared].sort());
    expect(DOMAIN_ERROR_CODES).to.include.members(Object.values(REVERT_CODES));
  });

  it("carry the values of the error", () => {
    const data = LEDGER.encodeErrorResult("OrderExceedsCapturable", [ORDER_ID, 30, 20]);
    expect(decodeRevert(data)).to.deep.equal({
      code: "exceeds_capturable",
      context: { error: "OrderExceedsCapturable", orderId: ORDER_ID, requested: "30", capturable: "20" },
    });
  });

  it("are chain_rejected where no contract of ours speaks, or its words were cut", () => {
    const cut = LEDGER.encodeErrorResult("OrderExceedsCapturable", [ORDER_ID, 30, 20]).slice(0, 40);
    expect(decodeRevert("0xdeadbeef").code).to.equal("chain_rejected");
    expect(decodeRevert(cut)).to.deep.equal({ code: "chain_rejected", context: { error: cut.slice(0, 10) } });
    expect(decodeRevert("0x").code).to.equal("chain_rejected");
  });

  it("are found in the shapes that nodes give them", () => {
    const data = LEDGER.encodeErrorResult("OrderDisputed", [ORDER_ID]);
    const shapes = [
      new RpcError("eth_call", 3, "execution reverted", data),
      new RpcError("eth_call", -32_000, "VM Exception", { message: "reverted", data }),
      new RpcError("eth_call", -32_603, "Internal error", { data: { data } }),
    ];
    for (const shape of shapes) expect(refusalOf(shape)?.code).to.equal("order_disputed");
    expect(refusalOf(new RpcError("eth_call", -32_603, "EVM error OutOfGas"))?.code).to.equal(
      "chain_rejected",
    );
  });

  it("are not seen in a refusal that is about something else", () => {
    expect(refusalOf(new RpcError("eth_call", -32_005, "request rate exceeded"))).to.equal(undefined);
  });
});
