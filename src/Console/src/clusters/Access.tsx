import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useMemo, useState } from 'react'
import { call } from '../api/http'
import type { Cluster, Kubeconfig } from '../api/types'
import { ActionProblem } from '../app/Messages'
import { useTexts } from '../i18n/language'
import { clusterPath } from './queries'

const hours = [1, 4, 8, 24] as const

/** The kubeconfig goes into a file of the person's choice; it is not kept, and not shown. */
export function Access({ cluster }: { readonly cluster: Cluster }) {
  const { t, dateTime } = useTexts()
  const [role, setRole] = useState('view')
  const [life, setLife] = useState<number>(1)
  const issue = useMutation({
    mutationFn: () => call<Kubeconfig>(clusterPath(cluster) + '/kubeconfig', { method: 'POST', body: { role: role.trim(), expirationSeconds: life * 3600 } }),
    gcTime: 0,
  })
  const file = useMemo(() => (issue.data === undefined ? null : URL.createObjectURL(new Blob([issue.data.kubeconfig], { type: 'application/yaml' }))), [issue.data])
  useEffect(() => () => (file === null ? undefined : URL.revokeObjectURL(file)), [file])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    issue.mutate()
  }
  return (
    <form className="card access" onSubmit={submit}>
      <h2>{t('access.title')}</h2>
      <p className="muted">{t('access.text')}</p>
      <div className="access-fields">
        <label className="labelled">
          <span>{t('access.role')}</span>
          <input className="field" value={role} maxLength={63} required spellCheck={false} onChange={(event) => setRole(event.target.value)} />
        </label>
        <label className="labelled">
          <span>{t('access.life')}</span>
          <select className="field" value={life} onChange={(event) => setLife(Number(event.target.value))}>
            {hours.map((each) => (
              <option key={each} value={each}>
                {t('access.hours', { count: each })}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button primary" disabled={issue.isPending}>
          {t('access.button')}
        </button>
      </div>
      {issue.isError ? <ActionProblem error={issue.error} /> : null}
      {issue.data === undefined || file === null ? null : (
        <p role="status">
          {t('access.ready', { when: issue.data.expires === undefined ? '–' : dateTime(issue.data.expires), subject: issue.data.subject ?? '–' })}{' '}
          <a className="button" href={file} download={`${cluster.namespace}-${cluster.name}.kubeconfig`}>
            {t('access.download')}
          </a>
        </p>
      )}
    </form>
  )
}
