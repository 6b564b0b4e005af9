import { expect } from "chai";
import { Wallet } from "ethers";
import {
  recoverAcceptanceSigner,
  registryDomain,
  signAcceptance,
} from "../../../services/chain/acceptance-signing.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";

const REGISTRY: Hex = `0x${"ef".repeat(20)}`;
const KEY: Hex = `0x${"07".repeat(32)}`;

describe("acceptance signing", () => {
  const domain = registryDomain(1337, REGISTRY);
  const acceptance = {
    merchant: addressOfKey(KEY),
    operator: REGISTRY,
    scopes: 7,
    issuedAt: 2 ** 40 - 1,
  };

  it("signs as ethers signs", async () => {
    const expected = await new Wallet(KEY).signTypedData(
      { name: "RialtoParticipants", version: "1", chainId: 1337, verifyingContract: REGISTRY },
      {
        Acceptance: [
          { name: "merchant", type: "address" },
          { name: "operator", type: "address" },
          { name: "scopes", type: "uint8" },
          { name: "issuedAt", type: "uint40" },
        ],
      },
      acceptance,
    );
    expect(signAcceptance(acceptance, domain, KEY)).to.equal(expected);
  });

  it("recovers the merchant, and somebody else once the scopes were changed", () => {
    const signature = signAcceptance(acceptance, domain, KEY);
    expect(recoverAcceptanceSigner(acceptance, domain, signature)).to.equal(acceptance.merchant);
    const widened = { ...acceptance, scopes: 3 };
    expect(recoverAcceptanceSigner(widened, domain, signature)).to.not.equal(acceptance.merchant);
  });
});
