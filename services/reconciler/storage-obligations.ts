import { type BlockTag, type ContractCall, readContracts } from "../chain/contract-calls.ts";
import type { JsonRpc } from "../chain/json-rpc.ts";
import { readUnpaidAwards, type UnpaidAwards } from "../chain/ledger-reads.ts";
import type { Hex } from "../domain/order-terms.ts";
import { type Break, compareLedgers } from "../domain/reconciliation.ts";
import { accountName, type Replay, type ReplayedAccount } from "./replay-state.ts";

/** Of what account, and of whose class, the contracts are asked. */
export type ObligationSubjects = {
  readonly rings: readonly { readonly account: ReplayedAccount; readonly holdbackClass: bigint }[];
  readonly accounts: readonly ReplayedAccount[];
  readonly holdbackClasses: readonly bigint[];
};

/** Asks nothing. */
export const NO_OBLIGATIONS: ObligationSubjects = { rings: [], accounts: [], holdbackClasses: [] };

/** What the contracts hold; each list follows the subjects'. */
export type StoredObligations = {
  readonly rings: readonly { readonly buckets: string; readonly period: bigint }[];
  readonly awards: readonly UnpaidAwards[];
  readonly holdbackClasses: readonly { readonly bps: bigint; readonly delay: bigint }[];
};

/** Every class is asked for every account that ever had a reserve: what is withheld in another one shows as well. */
export function obligationSubjectsOf(replay: Replay): ObligationSubjects {
  const accounts = [...replay.accounts.values()];
  const holdbackClasses = [...replay.holdbackClasses.keys()];
  return {
    rings: accounts
      .filter(({ rings }) => rings.size !== 0)
      .flatMap((account) => holdbackClasses.map((holdbackClass) => ({ account, holdbackClass }))),
    accounts,
    holdbackClasses,
  };
}

/** Reads reserve by class and period, waiting awards and the classes themselves. */
export async function readObligations(
  rpc: JsonRpc,
  ledger: Hex,
  subjects: ObligationSubjects,
  blockTag: BlockTag,
): Promise<StoredObligations> {
  const ask = (functionName: string, calls: readonly (readonly unknown[])[]) =>
    readContracts(
      rpc,
      calls.map(
        (args): ContractCall => ({ contract: "settlementLedger", address: ledger, functionName, args }),
      ),
      blockTag,
    );
  const rings = await ask(
    "reserveOf",
    subjects.rings.map(({ account: { operator, token, address }, holdbackClass }) => [
      ...[operator, token, address],
      holdbackClass,
    ]),
  );
  const places = subjects.accounts.map(({ operator, token, address }) => ({
    operator,
    token,
    account: address,
  }));
  const classes = await ask(
    "holdbackClassOf",
    subjects.holdbackClasses.map((holdbackClass) => [holdbackClass]),
  );
  return {
    rings: rings.map(([buckets, period]) => ({ buckets: [...buckets].join(" "), period })),
    awards: await readUnpaidAwards(rpc, ledger, places, blockTag),
    holdbackClasses: classes.map(([{ bps, delay }]) => ({ bps, delay })),
  };
}

/** Compares what the log adds up to (expected) with what the contracts hold. */
export function compareObligations(
  replay: Replay,
  subjects: ObligationSubjects,
  stored: StoredObligations,
): Break[] {
  const { rings, accounts, holdbackClasses } = subjects;
  const ringName = ({ account, holdbackClass }: (typeof rings)[number]) =>
    `${nameOf(account)} ${holdbackClass}`;
  return [
    ...compareLedgers({
      name: "storage.reserve",
      expected: new Map(rings.map((subject) => [ringName(subject), ringEntry(subject)])),
      actual: new Map(rings.map((subject, index) => [ringName(subject), { ...stored.rings[index] }])),
    }),
    ...compareLedgers({
      name: "storage.awards",
      expected: new Map(
        accounts.map((account) => [
          nameOf(account),
          { count: BigInt(account.awards.length), total: account.unpaid },
        ]),
      ),
      actual: new Map(accounts.map((account, index) => [nameOf(account), { ...stored.awards[index] }])),
    }),
    ...compareLedgers({
      name: "storage.holdback_class",
      expected: new Map([...replay.holdbackClasses].map(([key, rule]) => [key.toString(), { ...rule }])),
      actual: new Map(
        holdbackClasses.map((key, index) => [key.toString(), { ...stored.holdbackClasses[index] }]),
      ),
    }),
  ];
}

function ringEntry({ account, holdbackClass }: ObligationSubjects["rings"][number]) {
  const { buckets, period } = account.rings.get(holdbackClass) ?? { buckets: Array(8).fill(0n), period: 0n };
  return { buckets: buckets.join(" "), period };
}

function nameOf(account: ReplayedAccount): string {
  return accountName(account, account.address);
}
