import { DomainError } from "../domain/errors.ts";

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** Whether ISO 4217 has the code. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Digits after the point of an ISO 4217 currency: a token's base unit is the currency's minor unit. */
export function currencyDecimals(currency: string): number {
  if (!isCurrency(currency)) {
    throw new DomainError("currency_unknown", "There is no such currency.", { currency });
  }
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
