import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import { Ago, Status } from '../app/Status'
import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import type { ExploreProps } from './ExplorePage'
import { tracesQuery } from './queries'

export function Traces({ search, range }: ExploreProps) {
  const { t, duration } = useTexts()
  const query = useQuery({ ...tracesQuery({ cluster: search.cluster, service: search.service, minDuration: search.minDuration, ...range }), placeholderData: keepPreviousData })
  return (
    <Asked query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('explore.noTraces')}>{t('explore.noLogs.text')}</Empty>
        ) : (
          <SmallTable
            label={t('explore.traces')}
            rows={items}
            rowKey={(trace) => trace.traceId}
            columns={[
              {
                header: t('explore.trace'),
                isName: true,
                cell: (trace) => (
                  <Link to="/explore/traces/$id" params={{ id: trace.traceId }} className="name-link break">
                    {trace.root == null || trace.root === '' ? trace.traceId : trace.root}
                  </Link>
                ),
              },
              { header: t('explore.service'), cell: (trace) => trace.service ?? '–' },
              { header: t('col.cluster'), cell: (trace) => trace.cluster ?? '–' },
              { header: t('explore.start'), cell: (trace) => <Ago time={trace.start} /> },
              { header: t('explore.spans'), numeric: true, cell: (trace) => trace.spans },
              { header: t('explore.errors'), cell: (trace) => (trace.errors > 0 ? <Status tone="bad" text={String(trace.errors)} /> : '–') },
              { header: t('explore.duration'), numeric: true, cell: (trace) => duration(trace.duration * 1000) },
            ]}
          />
        )
      }
    </Asked>
  )
}
