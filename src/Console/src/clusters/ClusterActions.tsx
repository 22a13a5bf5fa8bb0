import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/http'
import type { Cluster } from '../api/types'
import { useChange } from '../app/conflict'
import { ButtonProblem } from '../app/ConflictDialog'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { DeleteDialog } from './DeleteDialog'
import { clusterPath, decidedOf, readCluster, showCluster } from './queries'

/** Whoever acts says which version of the cluster they have seen. */
export function ClusterActions({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const action: 'pause' | 'resume' = cluster.phase === 'Paused' ? 'resume' : 'pause'
  const pause = useChange({
    seen: cluster,
    decided: decidedOf,
    read: () => readCluster(queries, cluster),
    // The stream may tell that it was done before the answer does, and the button is another one then.
    write: (version) => call<Cluster>(`${clusterPath(cluster)}/actions/${action}`, { method: 'POST', version }).then((changed) => ({ changed, done: action })),
    onSuccess: ({ changed, done }) => {
      showCluster(queries, changed)
      toast(t(`action.done.${done}`, { name: cluster.name }))
    },
  })
  if (cluster.phase === 'Deleting') return null
  return (
    <>
      {pause.error === null ? null : <ButtonProblem error={pause.error} isPending={pause.isPending} onAgain={pause.mutate} onClose={pause.reset} action={t(`action.${action}`)} />}
      <button type="button" className="button" disabled={pause.isPending} onClick={() => pause.mutate()}>
        {t(`action.${action}`)}
      </button>
      {cluster.availableUpgrades.length === 0 ? null : (
        <button type="button" className="button" onClick={() => void navigate({ to: '/clusters/$namespace/$name', params: cluster, search: { tab: 'upgrades' } })}>
          {t('action.upgrade')}
        </button>
      )}
      <button type="button" className="button danger" onClick={() => setDeleting(true)}>
        {t('action.delete')}
      </button>
      {deleting ? <DeleteDialog cluster={cluster} onClose={() => setDeleting(false)} /> : null}
    </>
  )
}
