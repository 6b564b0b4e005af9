import { PAUSE_REGIONS, type PauseRegion } from "../domain/operation.ts";
import { encodeCall } from "./abi.ts";
import { type OperationCalls, single, toLedger } from "./operation-call.ts";

type AccountKinds =
  | "open-account"
  | "mint"
  | "deposit"
  | "release-reserve"
  | "meet-obligations"
  | "rebind"
  | "propose-seizure"
  | "cancel-seizure"
  | "execute-seizure"
  | "pause"
  | "unpause";

/** The ledger writes the paused regions beside every key that acts in it. */
const PAUSE_GAS = 2_000_000;

/** Waiting awards and debt of an account may be many; what is not reached is for the next call. */
const OBLIGATIONS_GAS = 4_000_000;

/** The calls of the ledger that are about accounts, and about all of it. */
export const ACCOUNT_CALLS: OperationCalls<AccountKinds> = {
  "open-account": {
    lane: "registrar",
    maxItems: 150,
    gasPerItem: 80_000,
    groupOf: (payload) => `${payload.operator}|${payload.token}`,
    to: toLedger,
    encode: (payloads) =>
      encodeCall("settlementLedger", "syncAccounts", [
        payloads[0].operator,
        payloads[0].token,
        payloads.map((payload) => payload.account),
      ]),
  },
  mint: {
    lane: "issuer",
    maxItems: 100,
    gasPerItem: 100_000,
    groupOf: (payload) => `${payload.token}|${payload.to}`,
    to: (payload) => payload.token,
    encode: (payloads) =>
      encodeCall("token", "mintBatch", [
        payloads[0].to,
        payloads.map((payload) => payload.amount),
        payloads.map((payload) => payload.bankReference),
      ]),
  },
  deposit: {
    lane: "issuer",
    maxItems: 100,
    gasPerItem: 100_000,
    groupOf: (payload) => `${payload.operator}|${payload.token}`,
    to: toLedger,
    encode: (payloads) =>
      encodeCall("settlementLedger", "depositBatch", [
        payloads[0].operator,
        payloads[0].token,
        payloads.map(({ account, amount }) => ({ account, amount })),
      ]),
  },
  "release-reserve": single("operator", 1_000_000, toLedger, ({ operator, token, account }) =>
    encodeCall("settlementLedger", "releaseReserve", [operator, token, account]),
  ),
  "meet-obligations": single("operator", OBLIGATIONS_GAS, toLedger, ({ operator, token, account }) =>
    encodeCall("settlementLedger", "meetObligations", [operator, token, account]),
  ),
  rebind: single("operator", OBLIGATIONS_GAS, toLedger, ({ operator, token, account }) =>
    encodeCall("settlementLedger", "rebind", [operator, token, account]),
  ),
  "propose-seizure": single(
    "registrar",
    300_000,
    toLedger,
    ({ operator, token, account, amount, courtReference }) =>
      encodeCall("settlementLedger", "proposeSeizure", [operator, token, account, amount, courtReference]),
  ),
  "cancel-seizure": single("registrar", 150_000, toLedger, ({ seizureId }) =>
    encodeCall("settlementLedger", "cancelSeizure", [seizureId]),
  ),
  "execute-seizure": single("admin", OBLIGATIONS_GAS, toLedger, ({ seizureId }) =>
    encodeCall("settlementLedger", "executeSeizure", [seizureId]),
  ),
  pause: single("guardian", PAUSE_GAS, toLedger, ({ regions }) =>
    encodeCall("settlementLedger", "pause", [bitsOf(regions)]),
  ),
  unpause: single("admin", PAUSE_GAS, toLedger, ({ regions }) =>
    encodeCall("settlementLedger", "unpause", [bitsOf(regions)]),
  ),
};

function bitsOf(regions: readonly PauseRegion[]): number {
  return regions.reduce((bits, region) => bits | (1 << PAUSE_REGIONS.indexOf(region)), 0);
}
