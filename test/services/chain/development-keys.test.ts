import { expect } from "chai";
import { HDNodeWallet, id, Mnemonic } from "ethers";
import {
  createDevelopmentSigner,
  developmentKeys,
  developmentParticipantKey,
  isDevelopmentChain,
  PublicKeyForbiddenError,
} from "../../../services/chain/development-keys.ts";
import { addressOfKey } from "../../../services/chain/typed-data.ts";
import type { JournalSigner } from "../../../services/journal/journal-signer.ts";

const CONTRACT = `0x${"11".repeat(20)}` as const;
const NETWORK = { ledger: CONTRACT, registry: CONTRACT, court: CONTRACT };

describe("development keys", () => {
  it("are accounts 0 to 8 of the test mnemonic", () => {
    const phrase = "test test test test test test test test test test test junk";
    const expected = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(
      (index) => HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${index}`).privateKey,
    );
    const { deployer, operator, registrar, issuer, settler, arbiters, guardian } = developmentKeys(31337);
    expect([deployer, operator, registrar, issuer, settler, ...arbiters, guardian]).to.deep.equal(expected);
  });

  it("derive participants from kind and name", () => {
    expect(developmentParticipantKey(1337, "payer", "ann")).to.equal(id("rialto development key|payer|ann"));
  });

  it("sign for the journal", () => {
    const signer: JournalSigner = createDevelopmentSigner({ chainId: 31337, ...NETWORK });
    const key = developmentParticipantKey(31337, "merchant", "shop");
    expect(signer.addressOf("merchant", "shop")).to.equal(addressOfKey(key));
  });

  it("are refused on every chain but local ones", () => {
    for (const chainId of [1, 31338, 0]) {
      expect(isDevelopmentChain(chainId)).to.equal(false);
      expect(() => developmentKeys(chainId)).to.throw(PublicKeyForbiddenError);
      expect(() => developmentParticipantKey(chainId, "payer", "ann")).to.throw(PublicKeyForbiddenError);
      expect(() => createDevelopmentSigner({ chainId, ...NETWORK })).to.throw(PublicKeyForbiddenError);
    }
  });
});
