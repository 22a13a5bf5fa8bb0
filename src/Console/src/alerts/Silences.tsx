import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, segments } from '../api/http'
import { Asked } from '../app/Asked'
import { ActionProblem, Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { SmallTable } from '../table/SmallTable'
import { silenceState } from './matchers'
import { alertsKey, silencesKey, silencesQuery, type Silence } from './queries'
import { SilenceDialog } from './SilenceDialog'

const tones = { active: 'held', pending: 'busy', expired: 'idle' } as const
const order = { active: 0, pending: 1, expired: 2 } as const

export function Silences() {
  const { t } = useTexts()
  const now = useNow()
  const queries = useQueryClient()
  const query = useQuery(silencesQuery)
  const [making, setMaking] = useState(false)
  const end = useMutation({
    mutationFn: ({ namespace, name }: Silence) => call<unknown>('/silences' + segments(namespace, name), { method: 'DELETE' }),
    onSuccess: (_, silence) => toast(t('silences.ended', { name: silence.name })),
    onSettled: () => Promise.all([queries.invalidateQueries({ queryKey: silencesKey }), queries.invalidateQueries({ queryKey: alertsKey })]),
  })
  const sorted = (items: readonly Silence[]) => [...items].sort((a, b) => order[silenceState(a, now)] - order[silenceState(b, now)] || (b.endsAt ?? '').localeCompare(a.endsAt ?? ''))
  return (
    <>
      <div className="rows-head">
        <p className="muted">{t('silences.text')}</p>
        <button type="button" className="button" onClick={() => setMaking(true)}>
          {t('silences.new')}
        </button>
      </div>
      {end.isError ? <ActionProblem error={end.error} /> : null}
      <Asked query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('silences.none')} />
          ) : (
            <SmallTable
              label={t('alerts.silences')}
              rows={sorted(items)}
              rowKey={(silence) => `${silence.namespace}/${silence.name}`}
              columns={[
                { header: t('col.state'), cell: (silence) => <Status tone={tones[silenceState(silence, now)]} text={t(`silences.${silenceState(silence, now)}`)} /> },
                {
                  header: t('silences.matchers'),
                  isName: true,
                  cell: (silence) => (
                    <>
                      <code className="break">{(silence.matchers ?? []).join(', ')}</code>
                      {silence.problem == null ? null : <p className="lacking">{silence.problem}</p>}
                    </>
                  ),
                },
                { header: t('silences.hushes'), numeric: true, cell: (silence) => silence.alerts ?? '–' },
                { header: t('silences.comment'), cell: (silence) => <span className="break">{silence.comment}</span> },
                { header: t('silences.by'), cell: (silence) => <span className="break">{silence.createdBy ?? '–'}</span> },
                { header: t('silences.ends'), numeric: true, cell: (silence) => (silence.endsAt === undefined ? '–' : <Ago time={silence.endsAt} />) },
                {
                  header: t('col.action'),
                  cell: (silence) => (
                    <button type="button" className="button small" disabled={end.isPending} onClick={() => end.mutate(silence)}>
                      {t(silenceState(silence, now) === 'expired' ? 'silences.remove' : 'silences.end')}
                    </button>
                  ),
                },
              ]}
            />
          )
        }
      </Asked>
      {making ? <SilenceDialog namespace="kcm-system" matchers="" onClose={() => setMaking(false)} /> : null}
    </>
  )
}
