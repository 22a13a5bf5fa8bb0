import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/http'
import { Dialog } from '../app/Dialog'
import { ActionProblem } from '../app/Messages'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { matcherText, readMatchers } from './matchers'
import { alertsKey, silencesKey } from './queries'

const hours = [1, 4, 12, 24, 72, 168] as const

export function SilenceDialog({ namespace, matchers, onClose }: { readonly namespace: string; readonly matchers: string; readonly onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [place, setPlace] = useState(namespace)
  const [text, setText] = useState(matchers)
  const [life, setLife] = useState<number>(4)
  const [comment, setComment] = useState('')
  const [wrong, setWrong] = useState(false)
  const make = useMutation({
    mutationFn: (written: readonly string[]) =>
      call<unknown>('/silences', { method: 'POST', body: { namespace: place.trim(), matchers: written, endsAt: new Date(Date.now() + life * 3_600_000).toISOString(), comment: comment.trim() } }),
    onSuccess: () => {
      toast(t('silences.made'))
      void queries.invalidateQueries({ queryKey: silencesKey })
      void queries.invalidateQueries({ queryKey: alertsKey })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const written = readMatchers(text)
    setWrong(written === null)
    if (written !== null) make.mutate(written.map(matcherText))
  }
  return (
    <Dialog title={t('silences.new')} onClose={onClose}>
      <form onSubmit={submit}>
        <label className="labelled">
          <span>{t('silences.matchers')}</span>
          <input className="field mono" value={text} required spellCheck={false} autoComplete="off" aria-invalid={wrong} aria-describedby="matchers-help" onChange={(event) => (setText(event.target.value), setWrong(false))} />
        </label>
        <p className={wrong ? 'lacking small' : 'muted small'} id="matchers-help" role={wrong ? 'alert' : undefined}>
          {t('silences.matchers.help')} <code>{'alertname="ClusterNotReady", cluster=~"eu-.*"'}</code>
        </p>
        <label className="labelled">
          <span>{t('clusters.namespace')}</span>
          <input className="field" value={place} required maxLength={63} spellCheck={false} onChange={(event) => setPlace(event.target.value)} />
        </label>
        <label className="labelled">
          <span>{t('silences.for')}</span>
          <select className="field" value={life} onChange={(event) => setLife(Number(event.target.value))}>
            {hours.map((each) => (
              <option key={each} value={each}>
                {each < 48 ? t('access.hours', { count: each }) : t('recommendations.days', { count: each / 24 })}
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          <span>{t('silences.comment')}</span>
          <input className="field" value={comment} required maxLength={1024} onChange={(event) => setComment(event.target.value)} />
        </label>
        {make.isError ? <ActionProblem error={make.error} /> : null}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {t('app.cancel')}
          </button>
          <button type="submit" className="button primary" disabled={make.isPending}>
            {t('silences.button')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
