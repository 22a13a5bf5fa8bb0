import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/http'
import type { Cluster } from '../api/types'
import { Dialog } from '../app/Dialog'
import { useChange } from '../app/conflict'
import { ChangeProblem } from '../app/ConflictDialog'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { clusterPath, decidedOf, readCluster, showCluster } from './queries'

export function DeleteDialog({ cluster, onClose }: { readonly cluster: Cluster; readonly onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const remove = useChange({
    seen: cluster,
    decided: decidedOf,
    read: () => readCluster(queries, cluster),
    write: (version) => call<Cluster>(clusterPath(cluster), { method: 'DELETE', version }),
    onSuccess: (changed) => {
      showCluster(queries, changed)
      toast(t('action.done.delete', { name: cluster.name }))
      onClose()
    },
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
        {remove.isError ? <ChangeProblem error={remove.error} /> : null}
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
