import { id as keccakOf, ZeroAddress } from "ethers";
import type { Hex } from "../domain/order-terms.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import { callToken, readEvents, registerParticipant, type Wiring } from "./wiring.ts";

/** What the issuer puts behind merchants' debts on a development network, per token, in base units. */
const DEVELOPMENT_GUARANTEE = 2n ** 72n;

const UNLIMITED = 2n ** 256n - 1n;

/** A book may hold as much of a token as its words have room for. */
const CAP_BITS = 80;

/** Admits a token, opens the operator's book in it and, on a development network, fills its guarantee. */
export async function openBook(wiring: Wiring, token: Hex): Promise<void> {
  const { actors, deployment, call, read } = wiring;
  const ledger = deployment.contracts.settlementLedger.address;
  const { operator, feeReceiver, issuer } = actors;
  const readBook = () => read("settlementLedger", ledger, "bookOf", [operator, token]);
  let [book] = await readBook();
  if (book.vault === ZeroAddress) {
    await admitToken(wiring, token);
    await call({
      contract: "settlementLedger",
      address: ledger,
      functionName: "openBook",
      args: [operator, token],
    });
    [book] = await readBook();
  }

  await registerParticipant(wiring, book.vault.toLowerCase(), "vault");
  const [feeWord] = await read("settlementLedger", ledger, "accountWord", [operator, token, feeReceiver]);
  if (feeWord === 0n) {
    const args = [operator, token, [feeReceiver]];
    await call({ contract: "settlementLedger", address: ledger, functionName: "syncAccounts", args });
  }
  // The issuer's deposits are taken out of its tokens by the ledger, which asks for no more than its caller sends.
  const [allowance] = await read("token", token, "allowance", [issuer.address, ledger]);
  if (allowance !== UNLIMITED) {
    await callToken(wiring, token, "approve", [ledger, UNLIMITED], issuer);
  }
  if (isDevelopmentChain(wiring.chainId) && book.guarantee === 0n) await seedGuarantee(wiring, token);
}

/** Tells the registry of the token and proves, with one unit of the issuer's, that it moves what it is told to. */
async function admitToken(wiring: Wiring, token: Hex): Promise<void> {
  const { actors, deployment, call, read } = wiring;
  const { participantRegistry, tokenRegistry } = deployment.contracts;
  const [tokens] = await read("participantRegistry", participantRegistry.address, "tokens", []);
  if (![...tokens].some((known: string) => known.toLowerCase() === token)) {
    await call({
      contract: "participantRegistry",
      address: participantRegistry.address,
      functionName: "addToken",
      args: [token],
    });
  }
  const [, capBits] = await read("tokenRegistry", tokenRegistry.address, "admissionOf", [token]);
  if (capBits !== 0n) return;

  await registerParticipant(wiring, tokenRegistry.address, "institution");
  await registerParticipant(wiring, actors.deployer.address, "institution");
  const bankReference = keccakOf(`rialto probe|${token}`) as Hex;
  const minted = await readEvents(wiring, "token", token, "Minted", [null, bankReference]);
  if (minted.length === 0) {
    await callToken(wiring, token, "mint", [actors.deployer.address, 1n, bankReference], actors.issuer);
  }
  await callToken(wiring, token, "approve", [tokenRegistry.address, 1n], actors.deployer);
  await call({
    contract: "tokenRegistry",
    address: tokenRegistry.address,
    functionName: "admit",
    args: [token, CAP_BITS, 1n],
  });
}

async function seedGuarantee(wiring: Wiring, token: Hex): Promise<void> {
  const { actors, deployment } = wiring;
  const { issuer } = actors;
  const address = deployment.contracts.settlementLedger.address;
  const bankReference = keccakOf(`rialto development guarantee|${token}`) as Hex;
  const minted = await readEvents(wiring, "token", token, "Minted", [null, bankReference]);
  if (minted.length === 0) {
    await callToken(wiring, token, "mint", [issuer.address, DEVELOPMENT_GUARANTEE, bankReference], issuer);
  }
  await wiring.call({
    contract: "settlementLedger",
    address,
    functionName: "fundGuarantee",
    args: [actors.operator, token, DEVELOPMENT_GUARANTEE],
    signer: issuer,
  });
  await wiring.call({
    contract: "settlementLedger",
    address,
    functionName: "setAdvanceLimit",
    args: [actors.operator, token, DEVELOPMENT_GUARANTEE],
  });
}
