import type { ReactNode } from "react";
import { cx } from "../lib/classes";

export type Column<Item> = {
  id: string;
  title: string;
  /** Said to screen readers only: a column of buttons. */
  isTitleHidden?: boolean;
  /** Left out on a phone; the first column must then say what matters of it. */
  isWide?: boolean;
  className?: string;
  cell: (item: Item) => ReactNode;
};

export type TableProps<Item> = {
  label: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  keyOf: (item: Item) => string;
  isBusy?: boolean;
};

/** A dense list in columns. The first cell names the row; a link in it marked `data-row` covers the whole row. */
export function Table<Item>({ label, columns, items, keyOf, isBusy = false }: TableProps<Item>) {
  return (
    <div className="overflow-x-auto rounded-md border border-line bg-raised">
      <table aria-label={label} aria-busy={isBusy || undefined} className="w-full border-collapse text-left text-sm">
        <thead className="max-sm:sr-only">
          <tr>
            {columns.map(({ id, title, isTitleHidden, isWide, className }) => (
              <th
                key={id}
                scope="col"
                className={cx(
                  "h-8 px-3 text-xs font-medium whitespace-nowrap text-muted",
                  isWide && "max-sm:hidden",
                  className,
                )}
              >
                {isTitleHidden ? <span className="sr-only">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={cx(isBusy && "opacity-60")}>
          {items.map((item) => (
            <tr key={keyOf(item)} className="relative border-t border-line hover:bg-hover max-sm:first:border-t-0">
              {columns.map(({ id, isWide, className, cell }, index) => {
                const Cell = index === 0 ? "th" : "td";
                return (
                  <Cell
                    key={id}
                    {...(index === 0 ? { scope: "row" as const } : {})}
                    className={cx("h-12 px-3 py-1.5 font-normal", isWide && "max-sm:hidden", className)}
                  >
                    {cell(item)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** For the link of the first cell: the whole row takes the click. */
export const ROW_LINK = "font-medium text-ink after:absolute after:inset-0 hover:underline underline-offset-2";
