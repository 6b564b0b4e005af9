import { createHash } from "node:crypto";
import type { Hex } from "../domain/order-terms.ts";

/** SHA-256 over a list of texts as 32 bytes of hex. Lists that differ in any text or in length differ in digest. */
export function digest(parts: readonly string[]): Hex {
  return `0x${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}
