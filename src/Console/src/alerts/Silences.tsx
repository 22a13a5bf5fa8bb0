import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, segments } from '../api/http'
import { Asked } from '../app/Asked'
import { useChange } from '../app/conflict'
import { ButtonProblem } from '../app/ConflictDialog'
import { Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { SmallTable } from '../table/SmallTable'
import { silenceState } from './matchers'
import { alertsKey, decidedOf, readSilence, silencesKey, silencesQuery, type Silence } from './queries'
import { SilenceDialog } from './SilenceDialog'

const tones = { active: 'held', pending: 'busy', expired: 'idle' } as const
const order = { active: 0, pending: 1, expired: 2 } as const

export function Silences() {
  const { t } = useTexts()
  const now = useNow()
  const query = useQuery(silencesQuery)
  const [making, setMaking] = useState(false)
  const sorted = (items: readonly Silence[]) => [...items].sort((a, b) => order[silenceState(a, now)] - order[silenceState(b, now)] || (b.endsAt ?? '').localeCompare(a.endsAt ?? ''))
  return (
    <>
      <div className="rows-head">
        <p className="muted">{t('silences.text')}</p>
        <button type="button" className="button" onClick={() => setMaking(true)}>
          {t('silences.new')}
        </button>
      </div>
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
                  cell: (silence) => <EndSilence silence={silence} isOver={silenceState(silence, now) === 'expired'} />,
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

/** Whoever ends one has seen what it hushes and why; when somebody has changed it since, they are shown that first. */
function EndSilence({ silence, isOver }: { readonly silence: Silence; readonly isOver: boolean }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const action = t(isOver ? 'silences.remove' : 'silences.end')
  const end = useChange({
    seen: silence,
    decided: decidedOf,
    read: () => readSilence(queries, silence),
    write: (version) => call<unknown>('/silences' + segments(silence.namespace, silence.name), { method: 'DELETE', version }),
    onSuccess: () => {
      toast(t('silences.ended', { name: silence.name }))
      void queries.invalidateQueries({ queryKey: silencesKey })
      void queries.invalidateQueries({ queryKey: alertsKey })
    },
  })
  return (
    <>
      {end.error === null ? null : <ButtonProblem error={end.error} isPending={end.isPending} onAgain={end.mutate} onClose={end.reset} action={action} />}
      <button type="button" className="button small" disabled={end.isPending} onClick={() => end.mutate()}>
        {action}
      </button>
    </>
  )
}
