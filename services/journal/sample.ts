import { type Step, storyOf } from "./sample-stories.ts";
import { createDraw, type Draw } from "./seeded-draw.ts";

const MINUTES_PER_DAY = 1_440;
const YEAR = 2025;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Orders are bought in the first months of the year; refunds and disputes come up to four months later. */
const BUYING_MONTHS = 6;
const STORY_DAYS = 120;

const MERCHANTS = [
  "Padaria Sol Nascente",
  "Livraria do Porto",
  "Mercado Ipê",
  "Oficina Bicicleta Azul",
  "Papelaria Girassol",
  "Casa do Café",
  "Moda Jabuticaba",
  "Eletrônica Horizonte",
  "Floricultura Aurora",
  "Brinquedos Saci",
];

/** Sells twice: the first order is refunded after it was paid out, the second pays the debt back. */
const INDEBTED_MERCHANT = "Ateliê Lua Nova";

const PAYERS = [
  "Ana Prado",
  "Bruno Leal",
  "Carla Nunes",
  "Davi Rocha",
  "Elisa Moura",
  "Fábio Pinto",
  "Gabriela Dias",
  "Heitor Lima",
  "Inês Castro",
  "João Brito",
  "Karina Melo",
  "Lucas Teles",
  "Marina Vaz",
  "Nuno Serra",
  "Olívia Reis",
  "Paulo Cruz",
  "Quésia Ramos",
  "Rafael Maia",
  "Sara Couto",
  "Tiago Freitas",
];

type Event = { readonly minute: number; readonly line: Readonly<Record<string, string | number>> };

/**
 * A journal with every operation and every outcome in it: the same lines for the same seed and number of orders.
 *
 * Every line of it can be executed. From 40 orders on all stories occur.
 */
export function sampleJournal(options: { readonly seed: number; readonly orders: number }): string[] {
  const draw = createDraw(options.seed);
  const events: Event[] = [];
  for (let index = 0; index < options.orders; index += 1) {
    events.push(...orderEvents(index, options.orders, draw));
  }
  events.push(...closingEvents(options.orders));

  // Sorting is stable, so that what happens in the same minute stays in order.
  return events
    .sort((a, b) => a.minute - b.minute)
    .map(({ minute, line }) => JSON.stringify({ ...line, at: isoTime(minute) }));
}

function orderEvents(index: number, orders: number, draw: Draw): Event[] {
  if (index < 2) return indebtedEvents(index);

  const names = {
    order: `S-${(index + 1).toString().padStart(5, "0")}`,
    merchant: draw.oneOf(MERCHANTS),
    payer: draw.oneOf(PAYERS),
    currency: index % 9 === 4 ? "USD" : "BRL",
  };
  const firstDay = Math.floor((index * startOfMonth(BUYING_MONTHS)) / orders);
  const bought = firstDay * MINUTES_PER_DAY + draw.between(0, MINUTES_PER_DAY - 1);
  return eventsOf(names, bought, storyOf(index, draw));
}

function indebtedEvents(index: number): Event[] {
  const names = {
    order: `S-0000${index + 1}`,
    merchant: INDEBTED_MERCHANT,
    payer: "Ana Prado",
    currency: "BRL",
  };
  const amount = index === 0 ? 24_900n : 61_300n;
  const refund: Step = { op: "refund", amount, afterDays: 62 };
  const charge: Step = { op: "charge", amount, afterDays: 0 };
  return eventsOf(
    names,
    startOfMonth(index * 4) * MINUTES_PER_DAY,
    index === 0 ? [charge, refund] : [charge],
  );
}

function eventsOf(
  names: {
    readonly order: string;
    readonly merchant: string;
    readonly payer: string;
    readonly currency: string;
  },
  bought: number,
  steps: readonly Step[],
): Event[] {
  const { order, merchant, payer, currency } = names;
  return steps.map(({ op, afterDays, amount, ...details }, position) => {
    const opens = op === "authorize" || op === "charge";
    return {
      minute: bought + afterDays * MINUTES_PER_DAY + position,
      line: {
        op,
        order,
        merchant,
        ...(opens ? { payer, currency } : {}),
        ...(amount === undefined ? {} : { amount: amount.toString() }),
        ...details,
      },
    };
  });
}

/** A cycle every month, a payout every second month, and both once more after the last story has ended. */
function closingEvents(orders: number): Event[] {
  if (orders === 0) return [];

  const last = startOfMonth(BUYING_MONTHS) + STORY_DAYS;
  const months = Array.from({ length: BUYING_MONTHS }, (_, index) => index + 1);
  const moments = [
    ...months.map((month) => ({ day: startOfMonth(month), pays: month % 2 === 0 })),
    { day: last, pays: true },
  ];
  return moments.flatMap(({ day, pays }): Event[] => {
    const minute = day * MINUTES_PER_DAY;
    return [{ minute, line: { op: "close-cycle" } }, ...(pays ? [{ minute, line: { op: "payout" } }] : [])];
  });
}

function startOfMonth(month: number): number {
  return DAYS_OF_MONTH.slice(0, month).reduce((sum, days) => sum + days, 0);
}

function isoTime(minute: number): string {
  const day = Math.floor(minute / MINUTES_PER_DAY);
  const month = DAYS_OF_MONTH.findIndex((days, index) => day < startOfMonth(index) + days);
  const date = [YEAR, month + 1, day - startOfMonth(month) + 1].map((part) =>
    part.toString().padStart(2, "0"),
  );
  const ofDay = minute % MINUTES_PER_DAY;
  const time = [Math.floor(ofDay / 60), ofDay % 60, 0].map((part) => part.toString().padStart(2, "0"));
  return `${date.join("-")}T${time.join(":")}Z`;
}
