// Sends the orders of a sheet in batches: to be checked only, or to be opened.

import { digest, placed } from "./import-orders.js";
import { call } from "./session.js";

// Each order is a transaction, and the whole answer must come within half a minute, on a slow machine too.
const MOST_ORDERS = 50;
const MOST_BYTES = 200_000;

// Sends orders that have their ids, and returns each with its `state` and `errors`: right (or created), there, refused.
// `progress` is told how many are answered. Throws Refused; then the same may be sent again, and nothing is done twice.
export async function sent(orders, { dryRun }, progress) {
  const answered = [];
  for (const batch of batches(orders)) {
    const rows = batch.map(({ body }) => body);
    const key = await digest(JSON.stringify(rows.map(({ id }) => id)));
    const { items } = await call(`/workorders/import${dryRun ? "?dry_run=1" : ""}`, {
      method: "POST", body: { rows }, headers: { "Idempotency-Key": key },
    });
    answered.push(...items.map((item, index) => judged(batch[index], item)));
    progress(answered.length);
  }
  return answered;
}

function judged(order, { result, data, error }) {
  const isThere = result === "duplicate" || error?.code === "ERR_ORDER_ID_TAKEN";
  if (isThere) return { ...order, state: "there", errors: [] };
  const errors = error ? placed(order, error) : [];
  return { ...order, data, errors, state: error || order.problems.length > 0 ? "refused" : "created" };
}

function batches(orders) {
  const all = [];
  let bytes = Infinity;
  for (const order of orders) {
    const size = JSON.stringify(order.body).length * 2;
    if (bytes + size > MOST_BYTES || all.at(-1).length === MOST_ORDERS) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1).push(order);
    bytes += size;
  }
  return all;
}
