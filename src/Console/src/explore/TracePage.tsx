import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { CopyLink } from '../app/CopyLink'
import { Empty, Loading, ProblemPanel } from '../app/Messages'
import { Status } from '../app/Status'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { linesOf } from '../app/lines'
import { traceQuery } from './queries'
import { isFailed, type Placed, waterfall } from './waterfall'
import './explore.css'

const route = getRouteApi('/explore/traces/$id')

export function TracePage() {
  const { t, duration, dateTime } = useTexts()
  const { id } = route.useParams()
  usePageTitle(t('explore.trace'))
  const query = useQuery(traceQuery(id))
  const placed = useMemo(() => waterfall(query.data?.spans ?? []), [query.data])
  const root = placed[0]
  return (
    <main id="content" className="page">
      <p className="crumbs">
        <Link to="/explore" search={{ tab: 'traces' }}>
          {t('explore.traces')}
        </Link>{' '}
        / {id}
      </p>
      <header className="page-head">
        <h1 className="break">{root?.span.name ?? t('explore.trace')}</h1>
        {placed.some(({ span }) => isFailed(span)) ? <Status tone="bad" text={t('explore.failed')} /> : null}
        <div className="page-actions">
          {root === undefined ? null : (
            <Link to="/explore" search={{ range: 'custom', from: new Date(Date.parse(root.span.start) - 60_000).toISOString(), to: new Date(Date.parse(root.span.start) + root.duration + 60_000).toISOString(), trace: id }} className="button">
              {t('explore.toLogs')}
            </Link>
          )}
          <CopyLink />
        </div>
      </header>
      {query.data === undefined ? (
        query.isError ? (
          <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : root === undefined ? (
        <Empty title={t('explore.noTraces')} />
      ) : (
        <>
          <p className="muted">
            {dateTime(root.span.start)} · {duration(Math.max(...placed.map((each) => (each.offset + each.length) * (root.length > 0 ? root.duration / root.length : 0))))} · {t('explore.spanCount', { count: placed.length })}
          </p>
          {query.data.truncated === true ? <p className="note">{t('explore.truncated')}</p> : null}
          <ol className="waterfall" aria-label={t('explore.spans')}>
            {placed.map((each) => (
              <Row key={each.span.spanId} placed={each} />
            ))}
          </ol>
        </>
      )}
    </main>
  )
}

const deepest = 12

function Row({ placed: { span, depth, offset, length, duration: took } }: { readonly placed: Placed }) {
  const { t, duration, dateTime } = useTexts()
  const [open, setOpen] = useState(false)
  const failed = isFailed(span)
  return (
    <li data-tone={failed ? 'bad' : 'good'}>
      <button type="button" className="span-row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="span-name" style={{ paddingLeft: `${Math.min(depth, deepest) * 0.8}rem` }}>
          <span className="clip">{span.name}</span>
          <span className="muted clip">{span.service}</span>
          {failed ? <span className="visually-hidden">{t('explore.failed')}</span> : null}
        </span>
        <span className="span-line" aria-hidden="true">
          <span style={{ left: `${offset * 100}%`, width: `max(3px, ${length * 100}%)` }} />
        </span>
        <span className="span-time">{duration(took)}</span>
      </button>
      {open ? (
        <dl className="facts log-facts">
          <dt>{t('explore.start')}</dt>
          <dd>{dateTime(span.start)}</dd>
          {[['spanId', span.spanId] as const, ['status', span.status ?? ''] as const, ['kind', span.kind ?? ''] as const, ...linesOf(span.attributes)].map(([path, value]) => (value === '' ? null : <Fact key={path} path={path} value={value} />))}
        </dl>
      ) : null}
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
