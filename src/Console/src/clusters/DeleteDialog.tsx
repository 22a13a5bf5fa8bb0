import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/http'
import { ApiProblem } from '../api/problem'
import type { Cluster } from '../api/types'
import { Dialog } from '../app/Dialog'
import { ActionProblem } from '../app/Messages'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { askAgain, clusterPath, showCluster } from './queries'

export function DeleteDialog({ cluster, onClose }: { readonly cluster: Cluster; readonly onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () => call<Cluster>(clusterPath(cluster), { method: 'DELETE', version: cluster.resourceVersion }),
    onSuccess: (changed) => {
      showCluster(queries, changed)
      toast(t('action.done.delete', { name: cluster.name }))
      onClose()
    },
    onError: (error) => ApiProblem.of(error).status === 412 && askAgain(queries, cluster),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed === cluster.name) remove.mutate()
  }
  return (
    <Dialog title={t('delete.title', { name: cluster.name })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t('delete.text')}</p>
        <label className="labelled">
          <span>{t('delete.confirm', { name: cluster.name })}</span>
          <input className="field" value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
        </label>
        {remove.isError ? <ActionProblem error={remove.error} /> : null}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {t('app.cancel')}
          </button>
          <button type="submit" className="button danger solid" disabled={typed !== cluster.name || remove.isPending}>
            {t('delete.button')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
