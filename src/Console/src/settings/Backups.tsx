import { queryOptions, useQuery } from '@tanstack/react-query'
import { call } from '../api/http'
import { Asked } from '../app/Asked'
import { Figure, Figures } from '../app/Figure'
import { Empty } from '../app/Messages'
import { Ago, Status, type Tone } from '../app/Status'
import { type Texts, useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { SmallTable } from '../table/SmallTable'

export interface Backup {
  readonly namespace?: string
  readonly name: string
  readonly schedule?: string | null
  readonly phase: string
  readonly startedAt?: string | null
  readonly completedAt?: string | null
  readonly sizeBytes?: number | null
  readonly objects?: number | null
  readonly location?: string | null
  readonly message?: string | null
}

interface Backups {
  readonly items: readonly Backup[]
  readonly lastSuccess?: string | null
  readonly ageSeconds?: number | null
}

const backupsQuery = queryOptions({ queryKey: ['backups'], queryFn: ({ signal }) => call<Backups>('/backups', { signal }), refetchInterval: 30_000 })
const day = 86_400_000
const tones: Readonly<Record<string, Tone>> = { Completed: 'good', Failed: 'bad', InProgress: 'busy', Pending: 'idle' }

const phaseText = ({ t }: Texts, phase: string): string => (phase === 'Completed' || phase === 'Failed' || phase === 'InProgress' || phase === 'Pending' ? t(`backups.phase.${phase}`) : phase)

/** Newest first. */
export const newest = (items: readonly Backup[]): readonly Backup[] => [...items].sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? '') || a.name.localeCompare(b.name))

/** What could be restored, how old it is, and what went wrong last. */
export function BackupsPart() {
  const { t } = useTexts()
  const query = useQuery(backupsQuery)
  return (
    <>
      <p className="muted">{t('backups.text')}</p>
      <Asked query={query}>
        {(backups) =>
          backups.items.length === 0 ? (
            <Empty title={t('backups.none')}>
              {t('backups.none.text')} {t('backups.how')}
            </Empty>
          ) : (
            <Known backups={backups} />
          )
        }
      </Asked>
    </>
  )
}

function Known({ backups }: { readonly backups: Backups }) {
  const texts = useTexts()
  const { t, bytes, duration, language } = texts
  const now = useNow()
  const items = newest(backups.items)
  const last = backups.lastSuccess ?? items.find((each) => each.phase === 'Completed')?.completedAt ?? undefined
  const failed = items.find((each) => each.phase === 'Failed')
  const isOld = last === undefined || now - Date.parse(last) > day
  return (
    <>
      <Figures>
        <Figure label={t('backups.last')} value={last === undefined ? t('backups.never') : <Ago time={last} />}>
          <Status tone={isOld ? 'doubt' : 'good'} text={t(isOld ? 'backups.old' : 'backups.fresh')} />
        </Figure>
        <Figure label={t('backups.failed')} value={failed?.startedAt == null ? t('backups.noFailure') : <Ago time={failed.startedAt} />}>
          {failed === undefined ? undefined : <span className="break">{failed.message ?? failed.name}</span>}
        </Figure>
      </Figures>
      <section className="rows">
        <h2>{t('backups.count', { count: items.length })}</h2>
        <SmallTable
          label={t('backups.title')}
          rows={items}
          rowKey={(each) => `${each.namespace ?? ''}/${each.name}`}
          columns={[
            { header: t('col.name'), isName: true, cell: (each) => <span className="break">{each.name}</span> },
            {
              header: t('col.state'),
              cell: (each) => (
                <>
                  <Status tone={tones[each.phase] ?? 'doubt'} text={phaseText(texts, each.phase)} />
                  {each.message == null || each.message === '' || each.phase === 'Completed' ? null : <p className="break">{each.message}</p>}
                </>
              ),
            },
            { header: t('backups.schedule'), cell: (each) => (each.schedule == null ? '–' : <code>{each.schedule}</code>) },
            { header: t('backups.started'), cell: (each) => (each.startedAt == null ? '–' : <Ago time={each.startedAt} />) },
            { header: t('backups.took'), numeric: true, cell: (each) => (each.startedAt == null || each.completedAt == null ? '–' : duration(Date.parse(each.completedAt) - Date.parse(each.startedAt))) },
            { header: t('backups.size'), numeric: true, cell: (each) => (each.sizeBytes == null ? '–' : bytes(each.sizeBytes)) },
            { header: t('backups.objects'), numeric: true, cell: (each) => each.objects?.toLocaleString(language) ?? '–' },
            { header: t('backups.location'), cell: (each) => <span className="break muted">{each.location ?? '–'}</span> },
          ]}
        />
      </section>
    </>
  )
}
