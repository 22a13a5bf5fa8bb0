import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { save } from '../api/http'
import { ApiProblem } from '../api/problem'
import { Asked } from '../app/Asked'
import { Figure, Figures } from '../app/Figure'
import { Empty } from '../app/Messages'
import { Chart } from '../charts/Chart'
import { type ChartModel, largest } from '../charts/model'
import { readSort, writeSort } from '../clusters/search'
import { type Texts, useTexts } from '../i18n/language'
import { Toolbar } from '../table/Toolbar'
import { AllocationTable } from './AllocationTable'
import { Before } from './Before'
import type { PartProps } from './CostsPage'
import { aggregates, currenciesOf, drillOf, positionOf } from './drill'
import { FilterBox } from './FilterBox'
import { nameText } from './names'
import { allocationQuery } from './queries'
import { csvOf, rowsOf, seriesOf, setsOfSteps, specialOf, sum } from './rows'
import { spanOfSearch, WindowChoice, windowOf } from './WindowChoice'
import { before, stepOf, stepsOf, windowText } from './windows'

const inChart = 8
const usual = { id: 'total', desc: true }
const idles = ['apart', 'shared', 'hidden'] as const

export function AllocationPart({ search, go }: PartProps) {
  const texts = useTexts()
  const { t, money, percent } = texts
  const span = spanOfSearch(search)
  const aggregate = search.aggregate ?? 'namespace'
  const idle = idles.find((each) => each === search.idle) ?? 'apart'
  const compared = search.compare === 'true'
  const common = { aggregate, filter: search.filter, currency: search.currency, includeIdle: idle === 'apart', shareIdle: idle === 'shared', shareNamespaces: search.share }
  const table = useQuery({ ...allocationQuery({ ...common, window: windowText(span) }), placeholderData: keepPreviousData })
  const old = useQuery({ ...allocationQuery({ ...common, window: windowText(before(windowOf(search), span)) }), enabled: compared })
  const chart = useQuery({ ...allocationQuery({ ...common, window: windowText(span), step: stepOf(span) }), placeholderData: keepPreviousData, enabled: !table.isError })
  const rows = useMemo(() => (table.data === undefined ? [] : rowsOf(table.data, compared ? old.data : undefined)), [table.data, compared, old.data])
  const currency = table.data?.currency
  const model = useMemo(() => (chart.data === undefined ? null : modelOf(texts, setsOfSteps(chart.data, span), stepsOf(span), stepOf(span) === '1h', currency)), [chart.data, currency, texts, windowText(span)])
  const sort = readSort(search.sort, usual)
  const total = sum(rows, (row) => row.total)
  const idleCost = sum(rows.filter((row) => specialOf(row.name) === 'idle'), (row) => row.total)
  const wrong = table.isError ? ApiProblem.of(table.error) : null
  const currencies = wrong === null ? [] : currenciesOf(wrong.message)
  const isFilterWrong = wrong !== null && wrong.status === 400 && positionOf(wrong.message) !== null
  const label = aggregate.startsWith('label:') ? aggregate.slice('label:'.length) : undefined

  return (
    <>
      <Toolbar>
        <WindowChoice search={search} go={go} span={span} />
        <label className="choice chosen">
          <span>{t('costs.by')}</span>
          <select value={label === undefined ? aggregate : 'label'} onChange={(event) => go({ aggregate: event.target.value === 'label' ? 'label:app' : event.target.value, sort: undefined })}>
            {aggregates.map((each) => (
              <option key={each} value={each}>
                {t(`costs.by.${each}`)}
              </option>
            ))}
            <option value="label">{t('costs.by.label')}</option>
            {label === undefined && !aggregates.some((each) => each === aggregate) ? <option value={aggregate}>{aggregate}</option> : null}
          </select>
        </label>
        {label === undefined ? null : (
          <input className="field label-field" aria-label={t('costs.label')} defaultValue={label} key={label} onBlur={(event) => event.target.value.trim() !== '' && go({ aggregate: `label:${event.target.value.trim()}` })} onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()} />
        )}
        <label className={idle === 'apart' ? 'choice' : 'choice chosen'}>
          <span>{t('costs.idle')}</span>
          <select value={idle} onChange={(event) => go({ idle: event.target.value === 'apart' ? undefined : event.target.value })}>
            {idles.map((each) => (
              <option key={each} value={each}>
                {t(`costs.idle.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label className={search.share === undefined ? 'choice' : 'choice chosen'}>
          <input type="checkbox" checked={search.share !== undefined} onChange={(event) => go({ share: event.target.checked ? 'kube-system' : undefined })} />
          <span>{t('costs.share')}</span>
        </label>
        <label className={compared ? 'choice chosen' : 'choice'}>
          <input type="checkbox" checked={compared} onChange={(event) => go({ compare: event.target.checked ? 'true' : undefined })} />
          <span>{t('costs.compare')}</span>
        </label>
      </Toolbar>
      <FilterBox value={search.filter ?? ''} onChange={(filter) => go({ filter })} error={table.error} />
      {currencies.length > 0 ? (
        <div className="note" role="alert">
          <p className="problem-title">{t('costs.currencies')}</p>
          <p className="buttons">
            {currencies.map((each) => (
              <button key={each} type="button" className="button" onClick={() => go({ currency: each })}>
                {each}
              </button>
            ))}
          </p>
        </div>
      ) : isFilterWrong ? null : (
        <Asked query={table}>
          {() =>
            rows.length === 0 ? (
              <Empty title={search.filter === undefined ? t('costs.none') : t('table.nothing')}>{search.filter === undefined ? t('costs.none.text') : undefined}</Empty>
            ) : (
              <>
                <Figures>
                  <Figure label={t('costs.total')} value={<a href="#rows">{money(total, currency)}</a>}>
                    {compared && old.data !== undefined ? (
                      <Before now={total} before={sum(rows, (row) => row.before ?? 0)} currency={currency} />
                    ) : (
                      t('costs.perDay', { amount: money((total / (span.end - span.start)) * 86_400_000, currency) })
                    )}
                  </Figure>
                  {idle === 'apart' ? (
                    <Figure label={t('costs.idle')} value={<a href="#rows">{money(idleCost, currency)}</a>}>
                      {total > 0 ? t('costs.ofTotal', { share: percent(idleCost / total) }) : null}
                    </Figure>
                  ) : null}
                  <Figure label={t('costs.rows')} value={<a href="#rows">{rows.length.toLocaleString(texts.language)}</a>}>
                    {rows.some((row) => row.missing.length > 0) ? <span className="lacking">{t('costs.missing', { count: rows.filter((row) => row.missing.length > 0).length })}</span> : t('costs.allPriced')}
                  </Figure>
                </Figures>
                {model === null ? <div className="chart-waiting" aria-hidden="true" /> : <Chart title={t(stepOf(span) === '1h' ? 'costs.byHour' : 'costs.byDay')} model={model} of={t(stepOf(span) === '1h' ? 'costs.hour' : 'costs.day')} />}
                <section className="rows" id="rows">
                  <div className="rows-head">
                    <h2>{t('costs.rowsTitle')}</h2>
                    <button type="button" className="button" onClick={() => save(new Blob([csvOf(rows, currency, aggregate)], { type: 'text/csv' }), `costs-${aggregate.replaceAll(/[^\w-]/g, '-')}.csv`)}>
                      {t('costs.export')}
                    </button>
                  </div>
                  <AllocationTable
                    rows={rows}
                    aggregate={aggregate}
                    currency={currency}
                    compared={compared && old.data !== undefined}
                    sort={sort}
                    onSort={(wanted) => go({ sort: writeSort(wanted) })}
                    onDrill={(row) => {
                      const into = drillOf(aggregate, row.name, row.properties, search.filter ?? '')
                      return into === null ? null : () => go({ ...into, sort: undefined }, true)
                    }}
                  />
                </section>
              </>
            )
          }
        </Asked>
      )}
    </>
  )
}

function modelOf(texts: Texts, sets: Parameters<typeof seriesOf>[0], steps: readonly number[], hourly: boolean, currency: string | undefined): ChartModel {
  const all = seriesOf(sets)
  const idle = all.filter((each) => specialOf(each.name) === 'idle').map((each) => each.name)
  const shown = largest(all, inChart, texts.t('chart.others'), idle)
  return {
    kind: 'bars',
    labels: sets.map((_, index) => texts.day(steps[index] ?? 0, hourly)),
    series: shown.map((each) => ({ name: nameText(texts, each.name), values: each.values, ...(idle.includes(each.name) ? { colour: 'series-idle' } : {}) })),
    format: (value) => texts.money(value, currency),
    shortFormat: (value) => texts.shortMoney(value, currency),
  }
}
