import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/problem'
import { useTexts } from '../i18n/language'
import { Empty, Loading, ProblemPanel } from './Messages'

interface Props<T> {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
  /** Something smaller than the usual lines while it is asked for. */
  readonly loading?: ReactNode
}

/** What was asked for, or why it is not there. What this installation does not serve is said plainly: it is no failure. */
export function Asked<T>({ query, children, loading }: Props<T>) {
  if (query.data === undefined) return query.isError ? <Refused query={query} /> : (loading ?? <Loading />)
  return (
    <>
      {query.isError ? <Refused query={query} /> : null}
      {children(query.data)}
    </>
  )
}

function Refused<T>({ query }: { readonly query: UseQueryResult<T> }) {
  const { t } = useTexts()
  if (isMissing(query.error)) return <Empty title={t('error.unavailable')}>{t('error.unavailable.text')}</Empty>
  return <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />
}

/** Of a list a 404 says that nobody answers at this address. */
export const isMissing = (error: unknown): boolean => ApiProblem.of(error).status === 404
