import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { Asked } from '../app/Asked'
import { CopyLink } from '../app/CopyLink'
import { Empty } from '../app/Messages'
import { changed } from '../app/searchText'
import { Age, Status } from '../app/Status'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { distinct } from '../clusters/search'
import { severityText, severityTone } from './severity'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { searcher } from '../table/text'
import { Choice, SearchField, Toolbar } from '../table/Toolbar'
import { AlertTable, ClusterLink } from './AlertTable'
import { matchersOf } from './matchers'
import { type Alert, alertsQuery, alertStates, incidentsQuery } from './queries'
import { Receivers } from './Receivers'
import { type AlertSearch, type AlertTab, alertTabs } from './search'
import { SilenceDialog } from './SilenceDialog'
import { Silences } from './Silences'
import './alerts.css'

const route = getRouteApi('/alerts')
const none: readonly Alert[] = []

const fits = searcher<Alert>((alert) => [alert.rule, alert.cluster, alert.summary, alert.description, ...Object.entries(alert.labels ?? {}).map(([name, value]) => `${name}=${value}`)])

interface Of {
  readonly search: AlertSearch
  readonly go: (change: { [Key in keyof AlertSearch]?: AlertSearch[Key] | undefined }) => void
}

export function AlertsPage() {
  const { t } = useTexts()
  usePageTitle(t('alerts.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go: Of['go'] = (change) => void navigate({ search: (old) => changed(old, change), replace: true })
  const tab = search.tab ?? 'alerts'
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('alerts.title')}</h1>
        <div className="page-actions">
          <CopyLink />
        </div>
      </header>
      <Tabs label={t('alerts.tabs')} current={tab} tabs={alertTabs.map((id) => ({ id, label: t(`alerts.${id}`) }))} />
      {part(tab, { search, go })}
    </main>
  )
}

function part(tab: AlertTab, of: Of): ReactNode {
  switch (tab) {
    case 'alerts':
      return <AlertList {...of} />
    case 'incidents':
      return <Incidents />
    case 'silences':
      return <Silences />
    case 'receivers':
      return <Receivers receiver={of.search.receiver} onChoose={(receiver) => of.go({ receiver })} />
  }
}

function AlertList({ search, go }: Of) {
  const { t } = useTexts()
  const state = alertStates.find((each) => each === search.state) ?? 'firing'
  const query = useQuery(alertsQuery(state))
  const [silencing, setSilencing] = useState<Alert | null>(null)
  const items = query.data ?? none
  const rows = useMemo(
    () =>
      items.filter(
        (alert) =>
          (search.severity === undefined || alert.severity === search.severity) &&
          (search.cluster === undefined || alert.cluster === search.cluster) &&
          (search.incident === undefined || alert.incident === search.incident) &&
          fits(alert, search.q ?? ''),
      ),
    [items, search],
  )
  return (
    <>
      <Toolbar>
        <div className="segments" role="radiogroup" aria-label={t('col.state')}>
          {alertStates.map((each) => (
            <label key={each}>
              <input type="radio" name="state" checked={state === each} onChange={() => go({ state: each === 'firing' ? undefined : each })} />
              <span>{t(`alerts.state.${each}`)}</span>
            </label>
          ))}
        </div>
        <SearchField value={search.q ?? ''} placeholder={t('alerts.search')} onChange={(q) => go({ q })} />
        <Choice label={t('alerts.severity')} value={search.severity} values={distinct(items.map((alert) => alert.severity))} onChange={(severity) => go({ severity })} />
        <Choice label={t('col.cluster')} value={search.cluster} values={distinct(items.map((alert) => alert.cluster))} onChange={(cluster) => go({ cluster })} />
        {search.incident === undefined ? null : (
          <button type="button" className="button quiet" onClick={() => go({ incident: undefined })}>
            {t('alerts.allIncidents')}
          </button>
        )}
      </Toolbar>
      <Asked query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty title={items.length > 0 ? t('table.nothing') : t(`alerts.none.${state}`)} />
          ) : (
            <AlertTable alerts={rows} label={t('alerts.alerts')} onSilence={setSilencing} />
          )
        }
      </Asked>
      {silencing === null ? null : <SilenceDialog namespace={silencing.namespace} matchers={matchersOf(silencing.labels ?? {}, silencing.rule)} onClose={() => setSilencing(null)} />}
    </>
  )
}

/** The same alert in many clusters is one incident. */
function Incidents() {
  const texts = useTexts()
  const { t } = texts
  const navigate = route.useNavigate()
  const query = useQuery(incidentsQuery)
  return (
    <Asked query={query}>
      {(items) =>
        items.length === 0 ? (
          <Empty title={t('alerts.noIncidents')} />
        ) : (
          <SmallTable
            label={t('alerts.incidents')}
            rows={items}
            rowKey={(incident) => incident.id}
            columns={[
              {
                header: t('alerts.incident'),
                isName: true,
                cell: (incident) => (
                  <button type="button" className="link-button break" onClick={() => void navigate({ search: { incident: incident.id, ...(incident.state === 'resolved' ? { state: 'resolved' } : {}) } })}>
                    {incident.rule}
                  </button>
                ),
              },
              { header: t('alerts.severity'), cell: (incident) => <Status tone={incident.state === 'resolved' ? 'good' : severityTone(incident.severity)} text={incident.state === 'resolved' ? t('alerts.resolved') : severityText(texts, incident.severity)} /> },
              { header: t('alerts.alerts'), numeric: true, cell: (incident) => incident.alerts },
              {
                header: t('nav.clusters'),
                cell: (incident) => (
                  <span className="cluster-list">
                    {incident.clusters.slice(0, 6).map((cluster) => (
                      <ClusterLink key={cluster} cluster={cluster} />
                    ))}
                    {incident.clusters.length > 6 ? <span className="muted">+{incident.clusters.length - 6}</span> : null}
                  </span>
                ),
              },
              { header: t('col.since'), numeric: true, cell: (incident) => <Age time={incident.since} /> },
            ]}
          />
        )
      }
    </Asked>
  )
}
