// Lists that have pages.

import { call } from "./session.js";

const MOST_PAGES = 20;

// All items of a list, read page by page, and whether it has more than is read at once.
export async function listed(path, parameters = {}, most = MOST_PAGES) {
  const items = [];
  let cursor = "";
  for (let page = 0; page < most && cursor !== undefined; page += 1) {
    const read = await call(`${path}?${new URLSearchParams({ limit: 100, ...parameters, ...(cursor && { cursor }) })}`);
    items.push(...read.items);
    cursor = read.next_cursor;
  }
  return { items, hasMore: cursor !== undefined };
}
