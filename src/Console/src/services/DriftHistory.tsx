import { useQuery } from '@tanstack/react-query'
import type { Drift } from '../api/types'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { Ago, Status, type Tone } from '../app/Status'
import { type Texts, useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { driftQuery, type ServiceName } from './queries'

const tones: Readonly<Record<string, Tone>> = { Detected: 'doubt', Corrected: 'good', Failed: 'bad', BackedOff: 'doubt' }

function actionText({ t }: Texts, action: string): string {
  return action === 'Detected' || action === 'Corrected' || action === 'Failed' || action === 'BackedOff' ? t(`drift.${action}`) : action
}

export function DriftHistory({ of }: { readonly of: ServiceName }) {
  const texts = useTexts()
  const { t } = texts
  const query = useQuery(driftQuery(of))
  if (query.data === undefined) return query.isError ? <ProblemPanel error={query.error} onRetry={() => void query.refetch()} /> : <Loading />
  if (query.data.length === 0) return <Empty title={t('service.noDrift')}>{t('service.noDrift.text')}</Empty>
  return (
    <SmallTable<Drift>
      label={t('service.drift')}
      rows={query.data}
      rowKey={(_, index) => String(index)}
      columns={[
        { header: t('col.time'), cell: (drift) => <Ago time={drift.time} /> },
        { header: t('col.object'), isName: true, cell: (drift) => <span className="break">{`${drift.kind} ${drift.namespace === undefined ? '' : drift.namespace + '/'}${drift.name}`}</span> },
        { header: t('col.fields'), cell: (drift) => <code className="break">{drift.missing ? t('service.missing') : drift.fields.join(', ')}</code> },
        { header: t('col.changedBy'), cell: (drift) => drift.changedBy ?? '–' },
        { header: t('col.action'), cell: (drift) => <Status tone={tones[drift.action] ?? 'idle'} text={[actionText(texts, drift.action), drift.detail].filter((text) => text !== undefined).join(': ')} /> },
      ]}
    />
  )
}
