import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { EmptyState } from './Notes.tsx'
import { nextSorting, type Sorting, type SortValue, sortRows } from './sorting.ts'

/** One column. With `value` it can be sorted. */
export type Column<Row> = {
  readonly key: string
  readonly label: string
  readonly cell: (row: Row) => ComponentChildren
  readonly value?: (row: Row) => SortValue
  readonly align?: 'end'
  /** The cell that names the row. */
  readonly isName?: boolean
}

type TableProps<Row> = {
  /** Names the table; hidden from the eye unless `showCaption`. */
  readonly caption: string
  readonly showCaption?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Said where there is no row. */
  readonly empty: string
  readonly initialSorting?: Sorting
}

/** A table that can be sorted with the keyboard and scrolls inside itself where the window is narrow. */
export function Table<Row>({ caption, showCaption, columns, rows, rowKey, empty, initialSorting }: TableProps<Row>) {
  const [sorting, setSorting] = useState<Sorting | null>(initialSorting ?? null)
  if (rows.length === 0) return <EmptyState text={empty} />
  const sorted = columns.find(({ key }) => key === sorting?.key)
  const ordered = sorted?.value && sorting ? sortRows(rows, sorted.value, sorting.isDescending) : rows
  return (
    // A group, not a landmark: the card around it is one already.
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="table-wrap" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={showCaption ? '' : 'sr-only'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell
                key={column.key}
                column={column}
                sorting={sorting}
                onSort={() => setSorting(nextSorting(sorting, column.key))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <BodyCell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type HeadProps<Row> = { readonly column: Column<Row>; readonly sorting: Sorting | null; readonly onSort: () => void }

function HeadCell<Row>({ column, sorting, onSort }: HeadProps<Row>) {
  const isSorted = sorting?.key === column.key
  const order = !isSorted ? 'none' : sorting.isDescending ? 'descending' : 'ascending'
  const sign = !isSorted ? '↕' : sorting.isDescending ? '↓' : '↑'
  if (!column.value) {
    return (
      <th scope="col" class={column.align ?? ''}>
        {column.label}
      </th>
    )
  }
  return (
    <th scope="col" class={column.align ?? ''} aria-sort={order}>
      <button type="button" class="sort-button" onClick={onSort}>
        {column.label} <span aria-hidden="true">{sign}</span>
      </button>
    </th>
  )
}

function BodyCell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const cell = column.cell(row)
  return column.isName ? (
    <th scope="row" class={column.align ?? ''}>
      {cell}
    </th>
  ) : (
    <td class={column.align ?? ''}>{cell}</td>
  )
}
