import { expect } from "chai";
import type { Actor } from "./actors.ts";
import { readAccountWord } from "./builders/order.ts";
import { registrationOf, type TestNetwork } from "./deploy-contracts.ts";
import { KIND, STATUS } from "./words.ts";

export type StatusName = keyof typeof STATUS;

/** Who may send and receive tokens in each status. */
export const RIGHTS: Readonly<
  Record<StatusName, { readonly canSend: boolean; readonly canReceive: boolean }>
> = {
  none: { canSend: false, canReceive: false },
  pending: { canSend: false, canReceive: false },
  active: { canSend: true, canReceive: true },
  restricted: { canSend: false, canReceive: true },
  frozen: { canSend: false, canReceive: false },
  closing: { canSend: false, canReceive: true },
  closed: { canSend: false, canReceive: false },
};

/** A participant that came to a status by the ways there are; closing asks no ledger here. */
export async function participantIn({ registry, actors }: TestNetwork, status: StatusName): Promise<Actor> {
  const { payer, outsider, compliance, registrar } = actors;
  if (status === "none") return outsider;
  if (status === "pending") {
    await registry.connect(registrar).register(registrationOf(outsider.address, KIND.payer, 0n));
    return outsider;
  }
  if (status === "restricted") await registry.connect(compliance).restrict([payer]);
  if (status === "frozen") await registry.connect(compliance).freeze([payer]);
  if (status === "closing" || status === "closed") await registry.connect(payer).startClosing();
  if (status === "closed") {
    const ledger = await registry.ledger();
    await registry.setLedger(`0x${"00".repeat(20)}`);
    await registry.close(payer);
    await registry.setLedger(ledger);
  }
  return payer;
}

/** Registry, ledger and token must say the same of an account that all of them know. */
export async function expectStanding(
  network: TestNetwork,
  account: Actor,
  status: StatusName,
): Promise<void> {
  const { registry, token } = network;
  const { canSend, canReceive } = RIGHTS[status];
  expect(await registry.statusOf(account), "registry").to.equal(STATUS[status]);
  expect(((await readAccountWord(network, account)) >> 248n) & 7n, "ledger").to.equal(STATUS[status]);
  for (const contract of [registry, token]) {
    expect(await contract.canSend(account)).to.equal(canSend);
    expect(await contract.canReceive(account)).to.equal(canReceive);
  }
}
