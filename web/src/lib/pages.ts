/** Lists that come in pages, as the query cache keeps them, with a row changed or gone before the server has said so. */
type Page<Item> = { items: Item[]; next?: string | null };
type Paged<Item> = { pages: Page<Item>[]; pageParams: unknown[] };
export type Kept<Item> = Paged<Item> | Page<Item> | undefined;

export function itemsOf<Item>(data: Paged<Item> | undefined): Item[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

export function withoutItem<Item>(data: Kept<Item>, is: (item: Item) => boolean): Kept<Item> {
  return mapped(data, (items) => items.filter((item) => !is(item)));
}

export function withItem<Item>(data: Kept<Item>, is: (item: Item) => boolean, changes: Partial<Item>): Kept<Item> {
  return mapped(data, (items) => items.map((item) => (is(item) ? { ...item, ...changes } : item)));
}

function mapped<Item>(data: Kept<Item>, change: (items: Item[]) => Item[]): Kept<Item> {
  if (!data) return data;
  if ("pages" in data) return { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) };
  return { ...data, items: change(data.items) };
}
