/** Draws from a seed (mulberry32), so that a failing journal can be made again. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const REASONS = ["not_received", "not_as_described", "fraud", "duplicate", "other"];
const BROKEN = [
  "{",
  "[]",
  '"authorize"',
  '{"op":"settle"}',
  '{"op":"capture","order":"","merchant":"m"}',
  '{"op":"authorize","order":"x","merchant":"m","payer":"p","currency":"brl","amount":"1"}',
  '{"op":"authorize","order":"x","merchant":"m","payer":"p","currency":"BRL","amount":1}',
  '{"op":"authorize","order":"x","merchant":"m","payer":"p","currency":"BRL","amount":"0"}',
  '{"op":"authorize","order":"x","merchant":"m","payer":"p","currency":"BRL","amount":"-5"}',
  '{"op":"authorize","order":"x","merchant":"m","payer":"p","currency":"BRL","amount":"1.5"}',
  '{"op":"authorize","order":"x","merchant":"m","payer":"p","currency":"BRL","amount":"1208925819614629174706176"}',
  '{"op":"refund","order":"nobody","merchant":"knows","amount":"1"}',
];

/**
 * A journal of `length` lines over few merchants, payers and orders, so that amounts collide: about one line in five
 * asks for something impossible. Merchants' names begin with `prefix`.
 */
export function randomJournal({
  seed,
  length,
  prefix,
}: {
  seed: number;
  length: number;
  prefix: string;
}): string[] {
  const draw = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[draw(items.length)] as T;
  const amount = (): string => `${1 + draw(draw(4) === 0 ? 100_000 : 400)}`;
  const orders: { merchant: string; order: string }[] = [];

  const lines: string[] = [];
  while (lines.length < length) {
    const dice = draw(100);
    if (dice < 4) lines.push(pick(BROKEN));
    else if (dice < 8) lines.push(JSON.stringify({ op: "close-cycle" }));
    else if (dice < 11) lines.push(JSON.stringify({ op: "payout" }));
    else if (dice < 35 || orders.length === 0) {
      const merchant = `${prefix}${draw(5)}`;
      // Repeats a reference now and then: with the same terms rarely, with others mostly.
      const order = `o${draw(length)}`;
      orders.push({ merchant, order });
      const money = { currency: pick(["BRL", "BRL", "USD", "EUR"]), amount: amount() };
      lines.push(
        JSON.stringify({
          op: pick(["authorize", "charge"]),
          order,
          merchant,
          payer: `${prefix}p${draw(4)}`,
          ...money,
        }),
      );
    } else {
      // Mostly one of the latest orders, so that stories go on.
      const about = orders[Math.max(0, orders.length - 1 - draw(8))] ?? pick(orders);
      const maybe = draw(2) === 0 ? {} : { amount: amount() };
      lines.push(
        JSON.stringify(
          pick([
            { op: "capture", ...about, ...maybe },
            { op: "capture", ...about },
            { op: "void", ...about, ...maybe },
            { op: "refund", ...about, amount: amount() },
            { op: "dispute", ...about, amount: amount(), reason: pick(REASONS) },
            { op: "rule", ...about, payerBps: pick([0, 10_000, draw(10_001)]) },
          ]),
        ),
      );
    }
  }
  return lines;
}
