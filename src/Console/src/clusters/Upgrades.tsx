import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/http'
import type { Cluster, Upgrade } from '../api/types'
import { useChange } from '../app/conflict'
import { ChangeProblem } from '../app/ConflictDialog'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { Plan } from './Plan'
import { askAgain, clusterPath, decidedOf, planQuery, readCluster, showCluster, upgradesQuery } from './queries'

export function UpgradesPart({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useTexts()
  const query = useQuery(upgradesQuery(cluster))
  if (query.data === undefined) return query.isError ? <ProblemPanel error={query.error} onRetry={() => void query.refetch()} /> : <Loading />
  const installed = query.data.installed ?? query.data.wanted
  if (query.data.available.length === 0) return <Empty title={t('cluster.noUpgrades')}>{t('cluster.noUpgrades.text', { template: installed })}</Empty>
  return (
    <>
      <p className="muted">{t('upgrade.current', { template: installed })}</p>
      <ul className="upgrades">
        {query.data.available.map((upgrade) => (
          <li key={upgrade.template}>
            <UpgradeTo cluster={cluster} upgrade={upgrade} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** The plan comes before the button: nobody starts what they have not seen. */
function UpgradeTo({ cluster, upgrade }: { readonly cluster: Cluster; readonly upgrade: Upgrade }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const plan = useQuery({ ...planQuery(cluster, upgrade.template), enabled: open })
  const start = useChange({
    seen: cluster,
    decided: decidedOf,
    read: () => readCluster(queries, cluster),
    write: (version) => call<Cluster>(`${clusterPath(cluster)}/actions/upgrade`, { method: 'POST', body: { template: upgrade.template }, version }),
    onSuccess: (changed) => {
      showCluster(queries, changed)
      toast(t('action.done.upgrade', { name: cluster.name, template: upgrade.template }))
      void askAgain(queries, cluster)
    },
  })
  return (
    <article className="card">
      <header className="card-head">
        <h2>{upgrade.template}</h2>
        <span className="muted">{[upgrade.chartVersion, upgrade.kubernetesVersion].filter((text) => text !== undefined).join(' · ')}</span>
        <button type="button" className="button" aria-expanded={open} disabled={!upgrade.valid} onClick={() => setOpen(!open)}>
          {t('upgrade.show')}
        </button>
      </header>
      {upgrade.valid ? null : <p className="lacking">{t('upgrade.invalid')}</p>}
      {open ? (
        plan.data === undefined ? (
          plan.isError ? (
            <ProblemPanel error={plan.error} onRetry={() => void plan.refetch()} />
          ) : (
            <Loading />
          )
        ) : (
          <>
            <Plan plan={plan.data} />
            {start.isError ? <ChangeProblem error={start.error} /> : null}
            <button type="button" className="button primary" disabled={start.isPending || start.isSuccess || plan.data.blockers.length > 0} onClick={() => start.mutate()}>
              {t('upgrade.start')}
            </button>
          </>
        )
      ) : null}
    </article>
  )
}
