import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Asked } from '../app/Asked'
import { Empty } from '../app/Messages'
import type { Tone } from '../app/Status'
import { useTexts } from '../i18n/language'
import { linesOf } from '../app/lines'
import type { ExploreProps } from './ExplorePage'
import { type LogRecord, logsQuery } from './queries'

const toneOf = (severity: string | null | undefined): Tone => (/^(fatal|error|crit)/i.test(severity ?? '') ? 'bad' : /^warn/i.test(severity ?? '') ? 'doubt' : 'idle')

export const bodyText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body) ?? '')

export function Logs({ search, range }: ExploreProps) {
  const { t } = useTexts()
  const query = useQuery({ ...logsQuery({ cluster: search.cluster, namespace: search.namespace, pod: search.pod, q: search.q, severity: search.severity, traceId: search.trace, ...range }), placeholderData: keepPreviousData })
  return (
    <Asked query={query}>
      {({ items, continue: more }) =>
        items.length === 0 ? (
          <Empty title={t('explore.noLogs')}>{t('explore.noLogs.text')}</Empty>
        ) : (
          <>
            <ol className="logs" aria-label={t('explore.logs')}>
              {items.map((record, index) => (
                <Line key={record.time + String(index)} record={record} />
              ))}
            </ol>
            {more == null ? null : <p className="muted">{t('explore.moreLogs', { count: items.length })}</p>}
          </>
        )
      }
    </Asked>
  )
}

function Line({ record }: { readonly record: LogRecord }) {
  const { t, dateTime, language } = useTexts()
  const time = new Date(record.time)
  const details = [...linesOf(record.attributes), ...linesOf(record.resource)]
  return (
    <li data-tone={toneOf(record.severity)}>
      <details>
        <summary>
          <time dateTime={record.time} title={dateTime(record.time)}>
            {time.toLocaleTimeString(language, { hour12: false })}.{String(time.getMilliseconds()).padStart(3, '0')}
          </time>
          <span className="log-severity">{record.severity ?? ''}</span>
          <span className="log-cluster">{record.cluster}</span>
          <span className="log-body">{bodyText(record.body)}</span>
        </summary>
        <dl className="facts log-facts">
          <dt>{t('col.time')}</dt>
          <dd>{dateTime(record.time)}</dd>
          {record.traceId == null || record.traceId === '' ? null : (
            <>
              <dt>{t('explore.trace')}</dt>
              <dd>
                <Link to="/explore/traces/$id" params={{ id: record.traceId }}>
                  {record.traceId}
                </Link>
              </dd>
            </>
          )}
          {details.map(([path, value], index) => (
            <Fact key={path + String(index)} path={path} value={value} />
          ))}
        </dl>
      </details>
    </li>
  )
}

function Fact({ path, value }: { readonly path: string; readonly value: string }) {
  return (
    <>
      <dt>{path}</dt>
      <dd>{value}</dd>
    </>
  )
}
