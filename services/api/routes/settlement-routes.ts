import { Router } from "express";
import { z } from "zod";
import { DomainError } from "../../domain/errors.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { PayoutState } from "../../domain/snapshot.ts";
import { readBalances } from "../../store/balance-read-model.ts";
import { toPage } from "../../store/page.ts";
import { listCycles, listPayouts, listStatements } from "../../store/settlement-read-model.ts";
import { readSnapshot } from "../../store/snapshot-read-model.ts";
import { tokenOf } from "../api-chain.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { findMerchant } from "../find-merchant.ts";
import { parseRequest, TransportError } from "../problems.ts";
import { requireInstance } from "../require-instance.ts";
import { listRequest } from "../schemas/list-request.ts";
import { listResponse } from "../schemas/list-response.ts";
import {
  type BalanceResponse,
  balanceResponse,
  cycleResponse,
  parseCycleId,
  parsePayoutId,
  payoutResponse,
  statementResponse,
} from "../schemas/settlement-response.ts";

const PAYOUT_STATES = ["paid", "held"] as const satisfies readonly PayoutState[];

const currency = z.string().optional();
const merchant = z.string().optional();
const cycleId = idParsedBy(parseCycleId);
const cyclesQuery = listRequest({ currency }, cycleId);
const statementsQuery = listRequest(
  {
    merchant: z.string(),
    currency,
    cycle: z
      .string()
      .regex(/^[1-9][0-9]{0,8}$/)
      .transform((value) => Number.parseInt(value, 10))
      .optional(),
  },
  cycleId,
);
const payoutsQuery = listRequest(
  { merchant, currency, state: z.enum(PAYOUT_STATES).optional() },
  idParsedBy(parsePayoutId),
);
const balancesQuery = listRequest({ merchant, currency }, idParsedBy(parseBalanceId));

/** Balances, cycles, statements, payouts, and all of it at once for audits. */
export function createSettlementRoutes({ store, chain }: ApiDependencies): Router {
  const { network } = chain;
  const router = Router();

  router.get("/balances", async (request, response) => {
    const query = parseRequest(balancesQuery, request.query);
    const { id } = await requireInstance(store, chain);
    const ofMerchant =
      query.merchant === undefined ? undefined : await findMerchant(store, id, query.merchant);
    const rows = await readBalances(store.db, id, ofMerchant);
    const { startingAfter } = query;
    const balances = rows
      .map((row) => balanceResponse(row, network))
      .filter((balance) => query.currency === undefined || balance.currency === query.currency)
      .sort(byMerchantAndCurrency)
      .filter((balance) => startingAfter === undefined || byMerchantAndCurrency(balance, startingAfter) > 0);
    const page = toPage(balances, query.limit);
    response.json(
      listResponse(page, (balance) => ({ object: "balance", id: formatBalanceId(balance), ...balance })),
    );
  });

  router.get("/cycles", async (request, response) => {
    const { currency: ofCurrency, ...page } = parseRequest(cyclesQuery, request.query);
    const { id, cursor } = await requireInstance(store, chain);
    const cycles = await listCycles(store.db, id, { token: tokenFilter(ofCurrency) }, page);
    response.json(listResponse(cycles, (row) => cycleResponse(row, { network, cursor })));
  });

  router.get("/statements", async (request, response) => {
    const {
      merchant: name,
      currency: ofCurrency,
      cycle,
      ...page
    } = parseRequest(statementsQuery, request.query);
    const { id, cursor } = await requireInstance(store, chain);
    const filter = { merchant: await findMerchant(store, id, name), cycle, token: tokenFilter(ofCurrency) };
    const statements = await listStatements(store.db, id, filter, page);
    response.json(listResponse(statements, (row) => statementResponse(row, { network, cursor })));
  });

  router.get("/payouts", async (request, response) => {
    const {
      merchant: name,
      currency: ofCurrency,
      state,
      ...page
    } = parseRequest(payoutsQuery, request.query);
    const { id, cursor } = await requireInstance(store, chain);
    const ofMerchant = name === undefined ? undefined : await findMerchant(store, id, name);
    const filter = { merchant: ofMerchant, token: tokenFilter(ofCurrency), state };
    const payouts = await listPayouts(store.db, id, filter, page);
    response.json(listResponse(payouts, (row) => payoutResponse(row, { network, cursor })));
  });

  router.get("/snapshot", async (_request, response) => {
    const { id } = await requireInstance(store, chain);
    const snapshot = await store.transaction((trx) => readSnapshot(trx, id), { snapshot: true });
    if (snapshot === undefined) throw new TransportError("unavailable", "No block is mirrored yet.");
    response.json(snapshot);
  });

  function tokenFilter(ofCurrency: string | undefined): Hex | undefined {
    if (ofCurrency === undefined) return undefined;
    const token = tokenOf(network, ofCurrency);
    if (token !== undefined) return token;
    throw new DomainError("currency_unknown", "The network has no token of this currency.", {
      currency: ofCurrency,
    });
  }

  return router;
}

type BalanceKey = Pick<BalanceResponse, "merchant" | "currency">;

function byMerchantAndCurrency(left: BalanceKey, right: BalanceKey): number {
  if (left.merchant !== right.merchant) return left.merchant < right.merchant ? -1 : 1;
  if (left.currency !== right.currency) return left.currency < right.currency ? -1 : 1;
  return 0;
}

/** Names may hold anything, so the id of a balance is its encoded key. */
function formatBalanceId({ merchant: name, currency: code }: BalanceKey): string {
  return `bal_${Buffer.from(JSON.stringify([name, code])).toString("base64url")}`;
}

function parseBalanceId(id: string): BalanceKey | undefined {
  const key = z.tuple([z.string(), z.string()]);
  try {
    const [name, code] = key.parse(JSON.parse(Buffer.from(id.slice(4), "base64url").toString("utf8")));
    return id.startsWith("bal_") ? { merchant: name, currency: code } : undefined;
  } catch {
    return undefined;
  }
}

function idParsedBy<Key>(parse: (id: string) => Key | undefined) {
  return z.string().transform((value, context): Key => {
    const key = parse(value);
    if (key !== undefined) return key;
    context.issues.push({
      code: "custom",
      message: "must be the id of an object of this list",
      input: value,
    });
    return z.NEVER;
  });
}
