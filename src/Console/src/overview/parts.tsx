import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AlertTable } from '../alerts/AlertTable'
import { alertsQuery } from '../alerts/queries'
import { Change, changeTone } from '../app/Change'
import { Ago, Status } from '../app/Status'
import { isLate } from '../costs/DataPart'
import { nameText } from '../costs/names'
import type { CostSummary } from '../costs/types'
import { type Texts, useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { moverSearch, pickMovers } from './figures'
import { SmallTable } from '../table/SmallTable'

interface Of {
  readonly summary: CostSummary
}

const most = 8

/** What changed most, in money. */
export function Movers({ summary }: Of) {
  const texts = useTexts()
  const { t, money } = texts
  const movers = pickMovers(summary.topMovers ?? [], most)
  return (
    <section className="rows">
      <h2>{t('overview.movers')}</h2>
      {movers.length === 0 ? (
        <p className="muted">{t('overview.noMovers')}</p>
      ) : (
        <SmallTable
          label={t('overview.movers')}
          rows={movers}
          rowKey={(mover) => `${mover.kind} ${mover.cluster ?? ''} ${mover.name}`}
          columns={[
            {
              header: t('col.name'),
              isName: true,
              cell: (mover) => (
                <>
                  <Link to="/costs" search={moverSearch(mover)} className="name-link break">
                    {nameText(texts, mover.name)}
                  </Link>{' '}
                  <span className="muted small">{mover.cluster == null || mover.kind === 'cluster' ? kindText(texts, mover.kind) : `${kindText(texts, mover.kind)} ${t('overview.on', { cluster: mover.cluster })}`}</span>
                </>
              ),
            },
            { header: t('costs.before'), numeric: true, cell: (mover) => (mover.before == null ? '–' : money(mover.before, summary.currency)) },
            { header: t('overview.now'), numeric: true, cell: (mover) => money(mover.amount, summary.currency) },
            {
              header: t('costs.change'),
              numeric: true,
              cell: (mover) =>
                mover.before == null ? (
                  <span className="change" data-tone={changeTone(mover.change)}>
                    {money(mover.change, summary.currency)}
                  </span>
                ) : (
                  <Change now={mover.amount} before={mover.before} />
                ),
            },
          ]}
        />
      )}
    </section>
  )
}

const kindText = ({ t }: Texts, kind: string): string => (kind === 'cluster' || kind === 'namespace' || kind === 'team' || kind === 'product' ? t(`costs.by.${kind}`).toLowerCase() : kind)


export function ClusterCosts({ summary }: Of) {
  const { t, money } = useTexts()
  const now = useNow()
  const clusters = [...(summary.clusters ?? [])].sort((a, b) => b.amount - a.amount).slice(0, most)
  return (
    <section className="rows">
      <h2>{t('overview.clusters')}</h2>
      {clusters.length === 0 ? (
        <p className="muted">{t('costs.none')}</p>
      ) : (
        <SmallTable
          label={t('overview.clusters')}
          rows={clusters}
          rowKey={(cluster) => cluster.cluster}
          columns={[
            {
              header: t('col.cluster'),
              isName: true,
              cell: (cluster) => (
                <Link to="/costs" search={{ window: 'month', filter: `cluster:"${cluster.cluster}"` }} className="name-link break">
                  {cluster.cluster}
                </Link>
              ),
            },
            { header: t('overview.now'), numeric: true, cell: (cluster) => <Link to="/costs" search={{ window: 'month', filter: `cluster:"${cluster.cluster}"` }}>{money(cluster.amount, summary.currency)}</Link> },
            { header: t('overview.freshness'), numeric: true, cell: (cluster) => (cluster.seenUntil == null ? <Status tone="doubt" text="–" /> : isLate(cluster.seenUntil, now) ? <span className="lacking"><Ago time={cluster.seenUntil} /></span> : <Ago time={cluster.seenUntil} />) },
          ]}
        />
      )}
      {(summary.clusters ?? []).length <= most ? null : (
        <Link to="/costs" search={{ window: 'month', aggregate: 'cluster' }} className="aside">
          {t('overview.allClusters', { count: summary.clusters?.length ?? 0 })}
        </Link>
      )}
    </section>
  )
}

/** The alerts that fire, where there are any. */
export function Alerting() {
  const { t } = useTexts()
  const query = useQuery(alertsQuery('firing'))
  const open = (query.data ?? []).filter((alert) => alert.silencedBy === undefined && alert.inhibitedBy === undefined)
  if (open.length === 0) return null
  return (
    <section className="rows">
      <h2>{t('overview.firing')}</h2>
      <AlertTable alerts={open.slice(0, most)} label={t('overview.firing')} />
    </section>
  )
}
