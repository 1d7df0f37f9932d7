/** Orders rows by one of their values. */

/** What a column is ordered by; null sorts last in both directions. */
export type SortValue = string | number | null
/** A column and its direction. */
export type Sorting = { readonly key: string; readonly isDescending: boolean }

/** The rows in order; equal ones stay as they came. */
export function sortRows<Row>(rows: readonly Row[], orderOf: (row: Row) => SortValue, isDescending: boolean): Row[] {
  return rows.toSorted((one, other) => compare(orderOf(one), orderOf(other), isDescending))
}

function compare(one: SortValue, other: SortValue, isDescending: boolean): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1
  const way = isDescending ? -1 : 1
  if (typeof one === 'number' && typeof other === 'number') return (one - other) * way
  return String(one).localeCompare(String(other)) * way
}

/** The sorting after a column was chosen: another column begins upwards, the same one turns round. */
export function nextSorting(sorting: Sorting | null, key: string): Sorting {
  return { key, isDescending: sorting?.key === key && !sorting.isDescending }
}
