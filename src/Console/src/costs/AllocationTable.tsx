import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Change } from '../app/Change'
import { useTexts } from '../i18n/language'
import type { Sort } from '../table/DataTable'
import { type SmallColumn, SmallTable } from '../table/SmallTable'
import { nameText } from './names'
import { amountColumns, type CostRow, sortRows, specialOf, sum } from './rows'

interface Props {
  readonly rows: readonly CostRow[]
  readonly aggregate: string
  readonly currency: string | undefined
  readonly compared: boolean
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
  readonly onDrill: (row: CostRow) => (() => void) | null
}

const page = 100

export function AllocationTable({ rows, aggregate, currency, compared, sort, onSort, onDrill }: Props) {
  const texts = useTexts()
  const { t, money, percent } = texts
  const [shown, setShown] = useState(page)
  const sorted = useMemo(() => sortRows(rows, sort), [rows, sort.id, sort.desc])
  // A column of nothing says nothing.
  const used = amountColumns.filter((column) => rows.some((row) => row[column] !== 0))
  const name = (row: CostRow) => {
    const drill = onDrill(row)
    const text = nameText(texts, row.name)
    return (
      <span className="cost-name">
        {drill === null ? (
          <span className={specialOf(row.name) === null ? 'break' : 'break muted'}>{text}</span>
        ) : (
          <button type="button" className="link-button break" onClick={drill}>
            {text}
          </button>
        )}
        <Related row={row} aggregate={aggregate} />
        {row.missing.length === 0 ? null : (
          <span className="label lacking" title={t('costs.missing.text')}>
            {t('costs.missing.of', { parts: row.missing.join(', ') })}
          </span>
        )}
      </span>
    )
  }
  const columns: SmallColumn<CostRow>[] = [
    { header: aggregate.startsWith('label:') ? aggregate.slice('label:'.length) : t('col.name'), isName: true, sortId: 'name', cell: name, foot: t('costs.total') },
    ...used.map((column) => ({ header: t(`costs.${column}`), numeric: true, sortId: column, cell: (row: CostRow) => (row[column] === 0 ? null : money(row[column], currency)), foot: money(sum(rows, (row) => row[column]), currency) })),
    { header: t('costs.efficiency'), numeric: true, sortId: 'efficiency', cell: (row) => (row.efficiency === null ? '–' : percent(row.efficiency)), foot: '' },
    { header: t('costs.total'), numeric: true, sortId: 'total', cell: (row) => <b>{money(row.total, currency)}</b>, foot: money(sum(rows, (row) => row.total), currency) },
    ...(compared
      ? [
          { header: t('costs.before'), numeric: true, sortId: 'before', cell: (row: CostRow) => money(row.before ?? 0, currency), foot: money(sum(rows, (row) => row.before ?? 0), currency) },
          { header: t('costs.change'), numeric: true, sortId: 'change', cell: (row: CostRow) => <Change now={row.total} before={row.before} />, foot: <Change now={sum(rows, (row) => row.total)} before={sum(rows, (row) => row.before ?? 0)} /> },
        ]
      : []),
  ]
  return (
    <>
      <SmallTable label={t('costs.rowsTitle')} rows={sorted.slice(0, shown)} rowKey={(row) => row.name} sort={sort} onSort={onSort} columns={columns} />
      {sorted.length <= shown ? null : (
        <button type="button" className="button more" onClick={() => setShown(shown + 5 * page)}>
          {t('table.more', { shown, count: sorted.length })}
        </button>
      )}
    </>
  )
}

/** From a cost to what it is of, and to what it did. */
function Related({ row, aggregate }: { readonly row: CostRow; readonly aggregate: string }) {
  const { t } = useTexts()
  const { cluster, namespace, pod } = row.properties
  const [place, name] = (cluster ?? '').split('/')
  if (place === undefined || name === undefined || specialOf(row.name) !== null) return null
  if (aggregate === 'cluster')
    return (
      <Link to="/clusters/$namespace/$name" params={{ namespace: place, name }} className="aside">
        {t('costs.toCluster')}
      </Link>
    )
  if ((aggregate !== 'pod' && aggregate !== 'container') || namespace === undefined || pod === undefined) return null
  return (
    <Link to="/explore" search={{ cluster: `${place}/${name}`, namespace, pod }} className="aside">
      {t('costs.toLogs')}
    </Link>
  )
}
