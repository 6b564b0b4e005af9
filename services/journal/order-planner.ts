import { DomainError } from "../domain/errors.ts";
import type { JournalSplit } from "../domain/journal.ts";
import { type Hex, type OrderTerms, orderTermsToJson, type Split } from "../domain/order-terms.ts";
import type { OperationDraft } from "./journal-api.ts";
import type { JournalSigner } from "./journal-signer.ts";
import { type Line, type LinePlan, type PlannerOptions, referenceOf } from "./line-plan.ts";
import { draftOrderTerms, type OrderTermsDraft } from "./order-terms-draft.ts";

/** A new order and what must come before it; refused, as a value, where the network has no token of the currency. */
export async function planOrder(
  options: PlannerOptions,
  line: Line<"authorize" | "charge">,
  key: string,
): Promise<LinePlan | DomainError> {
  const { chain, signer } = options;
  const splits = await splitsOf(signer, line.splits);
  const { courier } = line;
  const drafted = await draftTerms(options, line, {
    salt: Buffer.from(options.randomBytes(32)).toString("hex"),
    splitsHash: await signer.splitsHash(splits),
    ...(courier === undefined ? {} : { deliveryKey: await signer.addressOf("courier", courier) }),
  });
  if (drafted instanceof DomainError) return drafted;

  const { terms, payer } = drafted;
  const { orderId, signature } = await signer.signOrder({ payer: line.payer, terms });
  const order = {
    key,
    reference: line.order,
    merchant: line.merchant,
    payer: line.payer,
    currency: line.currency,
    amount: line.amount.toString(),
    terms: orderTermsToJson(terms),
    signature,
  };
  // The ledger has no charge for several payees: it is authorized and captured.
  const capture = { key: `${key}:capture`, kind: "capture", order: referenceOf(line) } as const;
  const opening: OperationDraft[] =
    splits === undefined
      ? [{ ...order, kind: line.op }]
      : [{ ...order, kind: "authorize", splits }, ...(line.op === "charge" ? [capture] : [])];
  const preparations = chain.isDevelopment ? await options.onboarding.operationsFor(line) : [];
  const opened = { orderId, payer, payerName: line.payer, captureBy: terms.captureBy };
  return {
    line: line.line,
    operations: [...preparations, ...opening],
    effect: { kind: "opens", orderKey: key, order: opened },
  };
}

/** Terms that are the same whenever the line is read, as they say nothing else: the order was never to be. */
export async function planCancel(
  options: PlannerOptions,
  line: Line<"cancel">,
  key: string,
): Promise<LinePlan | DomainError> {
  const { signer } = options;
  const timeless = { ...options, chain: { ...options.chain, chainTime: 0 } };
  const drafted = await draftTerms(timeless, line, { salt: key });
  if (drafted instanceof DomainError) return drafted;

  const { terms } = drafted;
  const { orderId } = await signer.signOrder({ payer: line.payer, terms });
  const signature = await signer.signCancel({ payer: line.payer, orderId });
  return {
    line: line.line,
    operations: [{ key, kind: "cancel", terms: orderTermsToJson(terms), signature }],
    effect: { kind: "cancels", orderKey: key },
  };
}

/** What a line's payer signs, and its address; refused where the network has no token of the currency. */
async function draftTerms(
  { chain, signer, feeBps }: PlannerOptions,
  line: Line<"authorize" | "charge" | "cancel">,
  given: Pick<OrderTermsDraft, "salt" | "splitsHash" | "deliveryKey">,
): Promise<{ readonly terms: OrderTerms; readonly payer: Hex } | DomainError> {
  const token = Object.hasOwn(chain.tokens, line.currency) ? chain.tokens[line.currency] : undefined;
  if (token === undefined) {
    return new DomainError("currency_unknown", "The network has no token of this currency.", {
      line: line.line,
      field: "currency",
      reason: `is none of ${Object.keys(chain.tokens).join(", ")}`,
    });
  }
  const payer = await signer.addressOf("payer", line.payer);
  const merchant = await signer.addressOf("merchant", line.merchant);
  const { amount, order } = line;
  const parties = { chain, payer, merchant, token, amount, feeBps };
  return { payer, terms: draftOrderTerms({ ...parties, reference: [line.merchant, order], ...given }) };
}

/** Payees by address, ascending as the ledger wants them. */
async function splitsOf(
  signer: JournalSigner,
  splits: readonly JournalSplit[] | undefined,
): Promise<Split[] | undefined> {
  if (splits === undefined) return undefined;
  const payees: Split[] = [];
  for (const { kind, payee, bps } of splits) {
    payees.push({ payee: await signer.addressOf(kind, payee), bps });
  }
  return payees.sort((left, right) => (left.payee < right.payee ? -1 : 1));
}
