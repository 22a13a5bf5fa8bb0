import type { ReactNode } from 'react'
import type { Sort } from './DataTable'
import './table.css'

export interface SmallColumn<T> {
  readonly header: string
  readonly cell: (row: T) => ReactNode
  readonly numeric?: boolean
  readonly isName?: boolean
  /** Where the table can be sorted by it: what the order is called in the address. */
  readonly sortId?: string
  /** In the last line, below all rows. */
  readonly foot?: ReactNode
}

interface Props<T> {
  readonly label: string
  readonly columns: readonly SmallColumn<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T, index: number) => string
  readonly sort?: Sort
  readonly onSort?: (sort: Sort) => void
}

/** A table that is shown whole; in a narrow window each row becomes a block of lines. */
export function SmallTable<T>({ label, columns, rows, rowKey, sort, onSort }: Props<T>) {
  return (
    <div className="small-table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="small-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.header} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map((column) => {
                const Cell = column.isName === true ? 'th' : 'td'
                return (
                  <Cell key={column.header} {...(column.isName === true ? { scope: 'row' } : {})} data-label={column.header} className={column.numeric === true ? 'numeric' : ''}>
                    {column.cell(row)}
                  </Cell>
                )
              })}
            </tr>
          ))}
        </tbody>
        {columns.some((column) => column.foot !== undefined) ? (
          <tfoot>
            <tr>
              {columns.map((column) => (
                <td key={column.header} data-label={column.header} className={column.numeric === true ? 'numeric' : ''}>
                  {column.foot}
                </td>
              ))}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  )
}

function Head<T>({ column, sort, onSort }: { readonly column: SmallColumn<T>; readonly sort: Sort | undefined; readonly onSort: ((sort: Sort) => void) | undefined }) {
  const className = column.numeric === true ? 'numeric' : ''
  const id = column.sortId
  if (id === undefined || sort === undefined || onSort === undefined)
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    )
  const isSorted = sort.id === id
  return (
    <th scope="col" className={className} aria-sort={isSorted ? (sort.desc ? 'descending' : 'ascending') : 'none'}>
      {/* Of amounts the largest are wanted first. */}
      <button type="button" className="sorter" onClick={() => onSort({ id, desc: isSorted ? !sort.desc : column.numeric === true })}>
        {column.header}
        <span aria-hidden="true" className="sort-mark">
          {isSorted ? (sort.desc ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  )
}
