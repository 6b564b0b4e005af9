import { wordToHex } from "../../chain/words.ts";
import { type Projection, placeOf } from "./projection.ts";

/** Order ids that their payers made unusable; no order of such an id was or will be authorized. */
export const canceledOrderProjection: Projection<"canceled_order"> = {
  table: "canceled_order",
  events: ["OrderCanceled"],
  keysOf: () => [],
  apply(event, rows) {
    if (event.name !== "OrderCanceled") return;

    const { orderId, merchant, payer, orderWord } = event.args;
    rows.put({ order_id: orderId, merchant, payer, word: wordToHex(orderWord), ...placeOf(event) });
  },
};
