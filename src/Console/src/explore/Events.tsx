import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { searcher } from '../table/text'
import type { ExploreProps } from './ExplorePage'
import { type HistoryEvent, historyQuery } from './queries'

const fits = searcher<HistoryEvent>((event) => [event.namespace, event.kind, event.name, event.reason, event.message])

/** Events of the management cluster, also those that its API has forgotten. */
export function Events({ search, range }: ExploreProps) {
  const { t } = useTexts()
  const query = useQuery({ ...historyQuery({ namespace: search.namespace, name: search.name, since: range.from }), placeholderData: keepPreviousData })
  const rows = useMemo(() => (query.data ?? []).filter((event) => event.lastSeen <= range.to.replace(/Z$/, '~') && fits(event, search.q ?? '')), [query.data, range.to, search.q])
  return (
    <Asked query={query}>
      {() =>
        rows.length === 0 ? (
          <Empty title={t('explore.noEvents')} />
        ) : (
          <SmallTable
            label={t('explore.events')}
            rows={rows}
            rowKey={(event) => event.uid}
            columns={[
              { header: t('col.seen'), cell: (event) => <Ago time={event.lastSeen} /> },
              { header: t('col.reason'), cell: (event) => <Status tone={event.type === 'Warning' ? 'bad' : 'idle'} text={event.reason} /> },
              { header: t('col.object'), isName: true, cell: (event) => <span className="break">{`${event.kind} ${event.namespace}/${event.name}`}</span> },
              { header: t('col.message'), cell: (event) => <span className="break">{event.message}</span> },
              { header: t('col.count'), numeric: true, cell: (event) => event.count },
            ]}
          />
        )
      }
    </Asked>
  )
}
