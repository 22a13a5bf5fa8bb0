import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/http'
import { ApiProblem } from '../api/problem'
import type { Cluster } from '../api/types'
import { ActionProblem } from '../app/Messages'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { DeleteDialog } from './DeleteDialog'
import { askAgain, clusterPath, showCluster } from './queries'

/** Whoever acts says which version of the cluster they have seen. */
export function ClusterActions({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const action = cluster.phase === 'Paused' ? 'resume' : 'pause'
  const pause = useMutation({
    mutationFn: () => call<Cluster>(`${clusterPath(cluster)}/actions/${action}`, { method: 'POST', version: cluster.resourceVersion }),
    onSuccess: (changed) => {
      showCluster(queries, changed)
      toast(t(`action.done.${action}`, { name: cluster.name }))
    },
    // So that the next try is about how it is now.
    onError: (error) => ApiProblem.of(error).status === 412 && askAgain(queries, cluster),
  })
  if (cluster.phase === 'Deleting') return null
  return (
    <>
      {pause.isError ? <ActionProblem error={pause.error} /> : null}
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
