import type { ReactNode } from 'react'
import './table.css'

export interface SmallColumn<T> {
  readonly header: string
  readonly cell: (row: T) => ReactNode
  readonly numeric?: boolean
  readonly isName?: boolean
}

interface Props<T> {
  readonly label: string
  readonly columns: readonly SmallColumn<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T, index: number) => string
}

/** A table that is shown whole; in a narrow window each row becomes a block of lines. */
export function SmallTable<T>({ label, columns, rows, rowKey }: Props<T>) {
  return (
    <div className="small-table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="small-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.header} scope="col" className={column.numeric === true ? 'numeric' : ''}>
                {column.header}
              </th>
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
      </table>
    </div>
  )
}
