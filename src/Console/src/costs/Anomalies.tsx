import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import { Status } from '../app/Status'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { Toolbar } from '../table/Toolbar'
import type { PartProps } from './CostsPage'
import { anomaliesQuery, summaryQuery } from './queries'
import { severityText, severityTone } from '../alerts/severity'
import type { Anomaly } from './types'
import { day, textOfDay } from './windows'

const states = ['open', 'closed', 'all'] as const

export function AnomaliesPart({ search, go }: PartProps) {
  const { t } = useTexts()
  const state = states.find((each) => each === search.state) ?? 'open'
  const query = useQuery(anomaliesQuery(state))
  return (
    <>
      <Toolbar>
        <div className="segments" role="radiogroup" aria-label={t('col.state')}>
          {states.map((each) => (
            <label key={each}>
              <input type="radio" name="state" checked={state === each} onChange={() => go({ state: each === 'open' ? undefined : each })} />
              <span>{t(`anomalies.${each}`)}</span>
            </label>
          ))}
        </div>
      </Toolbar>
      <p className="muted">{t('anomalies.text')}</p>
      <Asked query={query}>{(items) => (items.length === 0 ? <Empty title={t('anomalies.none')} /> : <AnomalyTable items={items} />)}</Asked>
    </>
  )
}

/** The days of it, by what it is about. */
export function anomalySearch(anomaly: Anomaly): { window: string; from: string; to: string; filter?: string; aggregate: string } {
  const start = Date.parse(anomaly.start)
  const end = anomaly.end == null ? Date.now() : Date.parse(anomaly.end)
  const filter = [anomaly.cluster === undefined ? '' : `cluster:"${anomaly.cluster}"`, anomaly.namespace === undefined ? '' : `namespace:"${anomaly.namespace}"`].filter((part) => part !== '').join('+')
  return { window: 'custom', from: textOfDay(start - 7 * day), to: textOfDay(end), aggregate: anomaly.namespace === undefined ? 'namespace' : 'controller', ...(filter === '' ? {} : { filter }) }
}

export function AnomalyTable({ items }: { readonly items: readonly Anomaly[] }) {
  const texts = useTexts()
  const { t, money, date } = texts
  const summary = useQuery(summaryQuery())
  const currencyOf = (anomaly: Anomaly) => anomaly.currency ?? summary.data?.currency
  return (
    <SmallTable
      label={t('costs.anomalies')}
      rows={items}
      rowKey={(anomaly) => anomaly.id}
      columns={[
        {
          header: t('anomalies.series'),
          isName: true,
          cell: (anomaly) => (
            <Link to="/costs" search={anomalySearch(anomaly)} className="name-link break">
              {anomaly.series}
            </Link>
          ),
        },
        { header: t('anomalies.severity'), cell: (anomaly) => <Status tone={severityTone(anomaly.severity)} text={severityText(texts, anomaly.severity)} /> },
        { header: t('anomalies.since'), cell: (anomaly) => `${date(anomaly.start)}${anomaly.end == null ? '' : ` – ${date(anomaly.end)}`}` },
        { header: t('anomalies.expected'), numeric: true, cell: (anomaly) => money(anomaly.expected, currencyOf(anomaly)) },
        { header: t('anomalies.actual'), numeric: true, cell: (anomaly) => money(anomaly.actual, currencyOf(anomaly)) },
        { header: t('anomalies.impact'), numeric: true, cell: (anomaly) => (
            <Link to="/costs" search={anomalySearch(anomaly)}>
              <b>{money(anomaly.impact, currencyOf(anomaly))}</b>
            </Link>
          ) },
        { header: t('anomalies.top'), cell: (anomaly) => <span className="break muted">{(anomaly.top ?? []).slice(0, 3).map((each) => `${each.name} ${money(each.amount, currencyOf(anomaly))}`).join(', ')}</span> },
      ]}
    />
  )
}
