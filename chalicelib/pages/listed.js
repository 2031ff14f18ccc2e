// Lists that have pages.

import { readAgain } from "./session.js";

const MOST_PAGES = 20;

// So many pages of a list, one after the other. `seen` are those that were read before: what did not change is not sent
// again.
export async function readPages(path, parameters, most, seen = []) {
  const pages = [];
  let cursor = "";
  while (pages.length < most && cursor !== undefined) {
    const asked = `${path}?${new URLSearchParams({ ...parameters, ...(cursor && { cursor }) })}`;
    const before = seen[pages.length];
    const page = await readAgain(asked, before?.asked === asked ? before : undefined);
    pages.push({ ...page, asked });
    cursor = page.data.next_cursor;
  }
  return pages;
}

// All items of a list, and whether it has more than is read at once; with the `pages`, to be read again.
export async function listed(path, parameters = {}, most = MOST_PAGES, seen) {
  const pages = await readPages(path, { limit: 100, ...parameters }, most, seen);
  return { items: pages.flatMap(({ data }) => data.items), hasMore: pages.at(-1).data.next_cursor !== undefined, pages };
}
