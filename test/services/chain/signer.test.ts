import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import fc from "fast-check";
import { createLocalSigner } from "../../../services/chain/signer.ts";
import type { Hex } from "../../../services/domain/order-terms.ts";
import { anyPrivateKey } from "./order-builder.ts";

const KEY: Hex = `0x${"09".repeat(32)}`;

describe("local signer", () => {
  const calls: Record<string, { to?: Hex; data: Hex; nonce: number; maxFeePerGas: bigint }> = {
    "a call": { to: `0x${"77".repeat(20)}`, data: "0x1234", nonce: 0, maxFeePerGas: 0n },
    "a creation": { data: `0x${"60".repeat(70_000)}`, nonce: 300, maxFeePerGas: 2_000_000_000n },
    "a call of one byte": { to: `0x${"77".repeat(20)}`, data: "0x05", nonce: 127, maxFeePerGas: 1n },
    "a call without data": { to: `0x${"77".repeat(20)}`, data: "0x", nonce: 128, maxFeePerGas: 127n },
    "a call of 55 bytes": {
      to: `0x${"77".repeat(20)}`,
      data: `0x${"81".repeat(55)}`,
      nonce: 1,
      maxFeePerGas: 1n,
    },
    "a call of 56 bytes": {
      to: `0x${"77".repeat(20)}`,
      data: `0x${"81".repeat(56)}`,
      nonce: 1,
      maxFeePerGas: 1n,
    },
  };
  it("signs as ethers does with any nonce, so with any signature", async () => {
    await fc.assert(
      fc.asyncProperty(anyPrivateKey, fc.nat(), async (key, nonce) => {
        const to: Hex = `0x${"77".repeat(20)}`;
        const request = { chainId: 1, gasLimit: 21_000n, to, data: "0x" as const, nonce, maxFeePerGas: 7n };
        const { raw } = await createLocalSigner(key).sign(request);
        const expected = new Wallet(key).signTransaction({ type: 2, maxPriorityFeePerGas: 0, ...request });
        expect(raw).to.equal(await expected);
      }),
      // One signature in 128 has a leading zero in r or s.
      { numRuns: 500, verbose: true },
    );
  });

  for (const [name, call] of Object.entries(calls)) {
    it(`signs ${name} as ethers does`, async () => {
      const request = { chainId: 31337, gasLimit: 16_000_000n, ...call };
      const signed = await createLocalSigner(KEY).sign(request);
      const expected = await new Wallet(KEY).signTransaction({
        type: 2,
        maxPriorityFeePerGas: 0,
        ...request,
      });
      expect(signed.raw).to.equal(expected);
      expect(signed.hash).to.equal(Transaction.from(expected).hash);
    });
  }
});
