import type { ReactNode } from 'react'
import { ApiProblem } from '../api/problem'
import { type Texts, useTexts } from '../i18n/language'

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <p>{children}</p>}
    </div>
  )
}

export function Loading() {
  const { t } = useTexts()
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{t('app.loading')}</span>
      {[0, 1, 2, 3, 4].map((line) => (
        <span key={line} className="skeleton" aria-hidden="true" />
      ))}
    </div>
  )
}

/** In place of what could not be loaded. */
export function ProblemPanel({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }) {
  const { t } = useTexts()
  const problem = ApiProblem.of(error)
  const [title, text] =
    problem.status === 0
      ? [t('error.unreachable'), t('error.unreachable.text')]
      : problem.status === 403
        ? [t('error.forbidden'), t('error.forbidden.text')]
        : problem.status === 404
          ? [t('error.notFound'), undefined]
          : [t('error.title'), undefined]
  return (
    <div className="problem" role="alert" data-status={problem.status}>
      <p className="problem-title">{title}</p>
      {problem.status === 0 ? null : <p className="problem-detail">{problem.message}</p>}
      {text === undefined ? null : <p>{text}</p>}
      {problem.requestId === undefined ? null : <p className="muted">{t('error.request', { id: problem.requestId })}</p>}
      {onRetry === undefined || problem.status === 403 ? null : (
        <button type="button" className="button" onClick={onRetry}>
          {t('app.retry')}
        </button>
      )}
    </div>
  )
}

export function headline({ t }: Texts, problem: ApiProblem): string {
  switch (problem.status) {
    case 0:
      return t('error.unreachable')
    case 403:
      return t('error.403')
    case 404:
      return t('error.notFound')
    case 409:
      return t('error.409')
    case 412:
      return t('error.412')
    case 422:
      return t('error.422')
    case 429:
      return t('error.429')
    default:
      return t('error.other')
  }
}

/** Beside the action that did not work. */
export function ActionProblem({ error }: { readonly error: unknown }) {
  const texts = useTexts()
  const problem = ApiProblem.of(error)
  return (
    <div className="problem action-problem" role="alert" data-status={problem.status}>
      <p className="problem-title">{headline(texts, problem)}</p>
      {problem.status === 0 ? null : <p className="problem-detail">{problem.message}</p>}
      {problem.status === 412 ? <p>{texts.t('error.412.text')}</p> : null}
      {problem.fields.length === 0 ? null : (
        <ul>
          {problem.fields.map((field) => (
            <li key={field.field}>
              <code>{field.field}</code> {field.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
