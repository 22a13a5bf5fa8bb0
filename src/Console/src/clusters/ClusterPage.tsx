import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Cluster } from '../api/types'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { PhaseStatus } from '../app/Status'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { Access } from './Access'
import { AlertPart } from './AlertPart'
import { ClusterActions } from './ClusterActions'
import { CostPart } from './CostPart'
import { Events, Machines, Nodes, ServicesOfCluster } from './parts'
import { Overview } from './Overview'
import { clusterTabs, type ClusterTab } from './search'
import { UpgradesPart } from './Upgrades'
import { useCluster } from './useCluster'

const route = getRouteApi('/clusters/$namespace/$name')

export function ClusterPage() {
  const { t } = useTexts()
  const { namespace, name } = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  usePageTitle(`${namespace}/${name}`)
  const { query, gone } = useCluster({ namespace, name })
  const cluster = query.data
  const counts: Partial<Record<ClusterTab, number>> = cluster === undefined ? {} : { services: cluster.services.length, upgrades: cluster.availableUpgrades.length }
  return (
    <main id="content" className="page">
      <p className="crumbs">
        <Link to="/clusters">{t('nav.clusters')}</Link> / <Link to="/clusters" search={{ namespace }}>{namespace}</Link>
      </p>
      <header className="page-head">
        <h1 className="break">{name}</h1>
        {cluster === undefined || gone ? null : <PhaseStatus phase={cluster.phase} />}
        <div className="page-actions">{cluster === undefined || gone ? null : <ClusterActions cluster={cluster} />}</div>
      </header>
      {gone ? (
        <Empty title={t('cluster.gone')}>{t('cluster.gone.text')}</Empty>
      ) : cluster === undefined ? (
        query.isError ? (
          <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <>
          <p className={cluster.phase === 'Ready' ? 'lead muted' : 'lead'}>
            {cluster.message}
            {cluster.deletionRequested === undefined ? null : (
              <>
                {' · '}
                <Deletion time={cluster.deletionRequested} />
              </>
            )}
          </p>
          <Tabs label={t('cluster.tabs')} current={tab} tabs={clusterTabs.map((id) => ({ id, label: t(`cluster.${id}`), count: counts[id] }))} />
          <div className="tab-panel">
            {part(tab, cluster)}
          </div>
        </>
      )}
    </main>
  )
}

function Deletion({ time }: { readonly time: string }) {
  const { t, ago } = useTexts()
  return <>{t('cluster.deletionRequested', { when: ago(time, Date.now()) })}</>
}

function part(tab: ClusterTab, cluster: Cluster): ReactNode {
  switch (tab) {
    case 'overview':
      return <Overview cluster={cluster} />
    case 'nodes':
      return <Nodes cluster={cluster} />
    case 'machines':
      return <Machines cluster={cluster} />
    case 'services':
      return <ServicesOfCluster cluster={cluster} />
    case 'costs':
      return <CostPart cluster={cluster} />
    case 'alerts':
      return <AlertPart cluster={cluster} />
    case 'events':
      return <Events cluster={cluster} />
    case 'upgrades':
      return <UpgradesPart cluster={cluster} />
    case 'access':
      return <Access cluster={cluster} />
  }
}
