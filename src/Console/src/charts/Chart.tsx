import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTexts } from '../i18n/language'
import { useTheme } from '../theme/theme'
import { SmallTable } from '../table/SmallTable'
import type { ChartModel } from './model'
import './chart.css'

interface Props {
  readonly title: string
  readonly model: ChartModel
  /** What the first column of the table is. */
  readonly of: string
  readonly height?: number
}

const systemTheme = matchMedia('(prefers-color-scheme: dark)')

/** A drawing, and the same figures as a table for whoever cannot see it or wants the numbers. */
export function Chart({ title, model, of, height = 260 }: Props) {
  const { t } = useTexts()
  const [asTable, setAsTable] = useState(false)
  const id = useId()
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption className="chart-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="button small quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t('chart.table')}
        </button>
      </figcaption>
      {asTable ? <ChartTable title={title} model={model} of={of} /> : <Drawing title={title} model={model} height={height} />}
    </figure>
  )
}

function Drawing({ title, model, height }: { readonly title: string; readonly model: ChartModel; readonly height: number }) {
  const { t } = useTexts()
  const place = useRef<HTMLDivElement>(null)
  const chosen = useTheme()
  const [dark, setDark] = useState(systemTheme.matches)
  useEffect(() => {
    const onChange = () => setDark(systemTheme.matches)
    systemTheme.addEventListener('change', onChange)
    return () => systemTheme.removeEventListener('change', onChange)
  }, [])
  useEffect(() => {
    let end: (() => void) | null = null
    let left = false
    // The library is larger than the rest of the console: it comes when the first chart does.
    void import('./draw').then(({ draw }) => {
      if (!left && place.current !== null) end = draw(place.current, model)
    })
    return () => {
      left = true
      end?.()
    }
  }, [model, chosen, dark])
  return <div ref={place} className="chart-place" style={{ height }} role="img" aria-label={t('chart.drawing', { title, series: model.series.map((each) => each.name).join(', ') })} />
}

function ChartTable({ title, model, of }: { readonly title: string; readonly model: ChartModel; readonly of: string }) {
  const rows = useMemo(() => model.labels.map((label, index) => ({ label, index })), [model])
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? '–' : model.format(value))
  const band = model.band
  return (
    <SmallTable
      label={title}
      rows={rows}
      rowKey={(row) => String(row.index)}
      columns={[
        { header: of, isName: true, cell: (row) => row.label },
        ...model.series.map((series) => ({ header: series.name, numeric: true, cell: (row: { index: number }) => cell(series.values[row.index]) })),
        ...(band === undefined ? [] : [{ header: band.name, numeric: true, cell: (row: { index: number }) => (band.low[row.index] == null ? '–' : `${cell(band.low[row.index])} – ${cell(band.high[row.index])}`) }]),
      ]}
    />
  )
}
