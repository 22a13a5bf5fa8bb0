import type { Condition } from '../api/types'
import { useTexts } from '../i18n/language'
import { Ago, type Tone } from './Status'

/** Conditions that are bad news when they are true; they exist only then. */
const bad = /^(Paused|Deleting|Drifted|Held|Stalled|Degraded|DeletionBlocked)$/

export function conditionTone({ type, status, reason }: Condition): Tone {
  if (status === 'Unknown') return 'doubt'
  if (bad.test(type)) return status === 'True' ? 'held' : 'good'
  if (status === 'True') return 'good'
  return reason === 'Progressing' ? 'busy' : 'bad'
}

export const byLastChange = (conditions: readonly Condition[]): readonly Condition[] =>
  [...conditions].sort((a, b) => b.lastTransitionTime.localeCompare(a.lastTransitionTime))

/** What was found and when it last changed, newest first, along a line. */
export function Conditions({ conditions }: { readonly conditions: readonly Condition[] }) {
  const { t } = useTexts()
  return (
    <ol className="timeline">
      {byLastChange(conditions).map((condition) => (
        <li key={condition.type} data-tone={conditionTone(condition)}>
          <span className="dot" aria-hidden="true" />
          <div className="timeline-head">
            <b>{condition.type}</b>
            <span className="timeline-status">
              {t(`status.${condition.status}`)} · {condition.reason}
            </span>
            <span className="muted">
              <Ago time={condition.lastTransitionTime} />
            </span>
          </div>
          {condition.message === '' ? null : <p className="break">{condition.message}</p>}
        </li>
      ))}
    </ol>
  )
}
