import { useRouter } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, type MouseEvent, type ReactNode, useCallback, useMemo, useRef } from 'react'
import { useNarrow } from '../app/narrow'
import { followed } from './RowLink'
import { ordered, type SortValue } from './text'
import './table.css'

export interface Column<T> {
  readonly id: string
  readonly header: string
  /** For sorting; without it the column cannot be sorted. */
  readonly value?: (row: T) => SortValue
  /** With the time that it is, for ages: columns that changed with it would have the rows put in order again. */
  readonly cell: (row: T, now: number) => ReactNode
  /** A track of a CSS grid, for instance `minmax(8rem, 2fr)`. */
  readonly width: string
  readonly numeric?: boolean
  /** The one that names the row. */
  readonly isName?: boolean
}

export interface Sort {
  readonly id: string
  readonly desc: boolean
}

interface Props<T> {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  /** What the rows are a part of, where they are filtered: it is put in order once, not with each key of a search. */
  readonly among?: readonly T[]
  readonly rowKey: (row: T) => string
  /** For cells that tell ages. */
  readonly now?: number
  /** The row where there is no room for columns. */
  readonly card: (row: T) => ReactNode
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly empty: ReactNode
}

const rowHeight = 38
const cardHeight = 82

/** Thousands of rows: only those in sight are in the page. */
export function DataTable<T extends object>({ label, columns, rows, among, rowKey, now = 0, card, sort, onSort, empty }: Props<T>) {
  const narrow = useNarrow()
  const scroller = useRef<HTMLDivElement>(null)
  const inOrder = useMemo(() => {
    const value = columns.find((column) => column.id === sort.id)?.value
    return value === undefined ? (among ?? rows) : ordered(among ?? rows, value, sort.desc)
  }, [among ?? rows, columns, sort.id, sort.desc])
  const sorted = useMemo(() => {
    if (among === undefined || rows.length === among.length) return inOrder
    const shown = new Set(rows)
    return inOrder.filter((row) => shown.has(row))
  }, [inOrder, rows, among])
  // Another function would be another table: the places of thousands of rows would be worked out again in each frame.
  const getItemKey = useCallback((index: number) => (sorted[index] === undefined ? index : rowKey(sorted[index])), [sorted, rowKey])
  const estimateSize = useCallback(() => (narrow ? cardHeight : rowHeight), [narrow])
  const getScrollElement = useCallback(() => scroller.current, [])
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement, estimateSize, getItemKey, overscan: 6 })
  const router = useRouter()
  const go = (event: MouseEvent) => {
    const href = followed(event)
    if (href === null) return
    event.preventDefault()
    router.history.push(href)
  }
  const tracks = { '--tracks': columns.map((column) => column.width).join(' ') } as CSSProperties

  return (
    <div className={narrow ? 'table table-cards' : 'table'} ref={scroller} style={tracks} tabIndex={0} role="region" aria-label={label}>
      <div role="table" aria-label={label} aria-rowcount={sorted.length + 1} className="table-grid">
        <div role="rowgroup" className="table-head">
          <div role="row" aria-rowindex={1} className="table-row">
            {columns.map((column) => (
              <Header key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </div>
        </div>
        {sorted.length === 0 ? null : (
          <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }} onClick={go}>
            {virtual.getVirtualItems().map((item) => {
              const row = sorted[item.index]
              if (row === undefined) return null
              return <Row key={item.key} row={row} index={item.index} start={item.start} height={item.size} columns={columns} now={now} card={narrow ? card : null} />
            })}
          </div>
        )}
      </div>
      {sorted.length === 0 ? empty : null}
    </div>
  )
}

interface RowProps<T> {
  readonly row: T
  readonly index: number
  readonly start: number
  readonly height: number
  readonly columns: readonly Column<T>[]
  readonly now: number
  readonly card: ((row: T) => ReactNode) | null
}

/** Drawn once while it is in sight: scrolling only adds rows at one end and takes them away at the other. */
const Row = memo(function Row<T>({ row, index, start, height, columns, now, card }: RowProps<T>) {
  return (
    <div role="row" aria-rowindex={index + 2} className="table-row" style={{ height, transform: `translateY(${start}px)` }}>
      {card === null ? (
        columns.map((column) => (
          <div key={column.id} role={column.isName === true ? 'rowheader' : 'cell'} className={column.numeric === true ? 'cell numeric' : 'cell'}>
            {column.cell(row, now)}
          </div>
        ))
      ) : (
        <div role="cell" className="table-card">
          {card(row)}
        </div>
      )}
    </div>
  )
}) as <T>(props: RowProps<T>) => ReactNode

function Header<T>({ column, sort, onSort }: { readonly column: Column<T>; readonly sort: Sort; readonly onSort: (sort: Sort) => void }) {
  const isSorted = sort.id === column.id
  const className = column.numeric === true ? 'cell numeric' : 'cell'
  if (column.value === undefined)
    return (
      <div role="columnheader" className={className}>
        {column.header}
      </div>
    )
  return (
    <div role="columnheader" className={className} aria-sort={isSorted ? (sort.desc ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sorter" onClick={() => onSort({ id: column.id, desc: isSorted && !sort.desc })}>
        {column.header}
        <span aria-hidden="true" className="sort-mark">
          {isSorted ? (sort.desc ? '↓' : '↑') : ''}
        </span>
      </button>
    </div>
  )
}
