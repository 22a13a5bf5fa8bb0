import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { alertsQuery } from '../alerts/queries'
import { useClusterFeed } from '../api/clusterFeed'
import { phases } from '../api/types'
import { isMissing } from '../app/Asked'
import { FeedState } from '../app/FeedState'
import { Figure, Figures } from '../app/Figure'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { phaseTone, Status } from '../app/Status'
import { usePageTitle } from '../app/title'
import { isLate } from '../costs/DataPart'
import { anomaliesQuery, freshnessQuery, summaryQuery } from '../costs/queries'
import { useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { counts } from '../table/text'
import { Money } from './Money'
import { Alerting, ClusterCosts, Movers } from './parts'
import '../costs/costs.css'
import './overview.css'

/** The whole fleet on one page; every figure leads to the rows behind it. */
export function OverviewPage() {
  const { t } = useTexts()
  usePageTitle(t('overview.title'))
  const feed = useClusterFeed()
  const summary = useQuery(summaryQuery())
  const known = useQuery(freshnessQuery)
  const simulated = summary.data?.simulated === true || (known.data ?? []).some((cluster) => cluster.simulated === true)
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('overview.title')}</h1>
        <FeedState feed={feed} />
        {simulated ? (
          <span className="label simulated" title={t('overview.simulated.text')}>
            {t('overview.simulated')}
          </span>
        ) : null}
      </header>
      <Fleet />
      {summary.data === undefined ? (
        summary.isError ? (
          isMissing(summary.error) ? (
            <Part title={t('costs.title')}>
              <Empty title={t('error.unavailable')}>{t('error.unavailable.text')}</Empty>
            </Part>
          ) : (
            <Part title={t('costs.title')}>
              <ProblemPanel error={summary.error} onRetry={() => void summary.refetch()} />
            </Part>
          )
        ) : (
          <Loading />
        )
      ) : (
        <>
          <Money summary={summary.data} />
          <div className="overview-columns">
            <Movers summary={summary.data} />
            <ClusterCosts summary={summary.data} />
          </div>
        </>
      )}
      <Alerting />
    </main>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="rows">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** How it is: clusters, alerts, anomalies, and whether the figures are of now. */
function Fleet() {
  const { t, language } = useTexts()
  const feed = useClusterFeed()
  const now = useNow()
  const alerts = useQuery(alertsQuery('firing'))
  const anomalies = useQuery(anomaliesQuery('open'))
  const known = useQuery(freshnessQuery)
  const byPhase = counts(feed.clusters, (cluster) => cluster.phase)
  const seen = known.data ?? []
  const late = seen.filter((cluster) => isLate(cluster.seenUntil, now)).length
  const silenced = (alerts.data ?? []).filter((alert) => alert.silencedBy !== undefined || alert.inhibitedBy !== undefined).length
  const open = (alerts.data?.length ?? 0) - silenced
  return (
    <>
      {feed.status === 'failed' ? <ProblemPanel error={feed.problem} /> : null}
      <Figures>
        <Figure label={t('nav.clusters')} value={<Link to="/clusters">{feed.clusters.length.toLocaleString(language)}</Link>}>
          <span className="phases">
            {phases
              .filter((phase) => byPhase.has(phase))
              .map((phase) => (
                <Link key={phase} to="/clusters" search={{ phase }}>
                  <Status tone={phaseTone(phase)} text={`${byPhase.get(phase) ?? 0} ${t(`phase.${phase}`)}`} />
                </Link>
              ))}
          </span>
        </Figure>
        <Figure label={t('overview.alerts')} value={alerts.data === undefined ? <Unknown error={alerts.error} /> : <Link to="/alerts">{open.toLocaleString(language)}</Link>}>
          {alerts.data === undefined ? null : (
            <Status tone={open > 0 ? 'bad' : 'good'} text={open > 0 ? t('overview.alerts.firing', { count: open }) : silenced > 0 ? t('overview.alerts.silenced', { count: silenced }) : t('overview.alerts.none')} />
          )}
        </Figure>
        <Figure label={t('overview.anomalies')} value={anomalies.data === undefined ? <Unknown error={anomalies.error} /> : <Link to="/costs" search={{ tab: 'anomalies' }}>{anomalies.data.length.toLocaleString(language)}</Link>}>
          {anomalies.data === undefined ? null : <Status tone={anomalies.data.length > 0 ? 'doubt' : 'good'} text={anomalies.data.length > 0 ? t('overview.anomalies.open') : t('overview.anomalies.none')} />}
        </Figure>
        <Figure label={t('overview.freshness')} value={known.data === undefined ? <Unknown error={known.error} /> : <Link to="/costs" search={{ tab: 'data' }}>{t('overview.fresh', { fresh: seen.length - late, count: seen.length })}</Link>}>
          {known.data === undefined || seen.length === 0 ? null : <Status tone={late > 0 ? 'doubt' : 'good'} text={late > 0 ? t('overview.late', { count: late }) : t('overview.allFresh')} />}
        </Figure>
      </Figures>
    </>
  )
}

/** Not nothing: it is not known. */
export function Unknown({ error }: { readonly error: unknown }) {
  const { t } = useTexts()
  return (
    <span className="muted" title={error === null ? t('app.loading') : isMissing(error) ? t('error.unavailable') : t('error.title')}>
      –
    </span>
  )
}
