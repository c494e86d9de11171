import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import { itemsOf } from "../../lib/pages";
import { EmptyState } from "../../ui/EmptyState";
import { type Column, Table } from "../../ui/Table";
import { More, Waiting } from "./parts";

type Page<Item> = { items: Item[]; next: string | null };

export type ListingProps<Item> = {
  of: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  label: string;
  columns: readonly Column<Item>[];
  keyOf: (item: Item) => string;
  /** What stands where nothing is. */
  empty: { icon: LucideIcon; title: string; text: string };
};

/** A list that comes in pages: waiting, empty, or a table that grows. */
export function Listing<Item>({ of: query, label, columns, keyOf, empty }: ListingProps<Item>) {
  const items = itemsOf(query.data);
  return (
    <>
      <Waiting of={query} />
      {query.data && items.length === 0 && (
        <div className="h-64 rounded-md border border-line">
          <EmptyState {...empty} />
        </div>
      )}
      {items.length > 0 && (
        <div className="flex flex-col">
          <Table label={label} columns={columns} items={items} keyOf={keyOf} isBusy={query.isPlaceholderData} />
          <More of={query} />
        </div>
      )}
    </>
  );
}
