import type { Phase, ServiceState } from '../api/types'
import { useTexts } from '../i18n/language'
import { span, useNow } from '../i18n/time'

export type Tone = 'good' | 'busy' | 'bad' | 'doubt' | 'held' | 'going' | 'idle'

const phaseTones: Readonly<Record<Phase, Tone>> = { Ready: 'good', Provisioning: 'busy', Pending: 'idle', Failed: 'bad', Unknown: 'doubt', Paused: 'held', Deleting: 'going' }
const stateTones: Readonly<Record<ServiceState, Tone>> = { Deployed: 'good', Provisioning: 'busy', Pending: 'idle', Failed: 'bad', Deleting: 'going', Deleted: 'idle' }

export const phaseTone = (phase: Phase): Tone => phaseTones[phase] ?? 'doubt'
export const stateTone = (state: ServiceState): Tone => stateTones[state] ?? 'doubt'

/** A colour never stands alone: the word is beside it. */
export function Status({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <span className="status" data-tone={tone}>
      <span className="dot" aria-hidden="true" />
      {text}
    </span>
  )
}

export function PhaseStatus({ phase }: { readonly phase: Phase }) {
  const { t } = useTexts()
  return <Status tone={phaseTone(phase)} text={t(`phase.${phase}`)} />
}

export function StateStatus({ state }: { readonly state: ServiceState }) {
  const { t } = useTexts()
  return <Status tone={stateTone(state)} text={t(`state.${state}`)} />
}

/** `3d`, with the date and the time for those who ask. */
export function Age({ time }: { readonly time: string | undefined }) {
  const { language, dateTime } = useTexts()
  const now = useNow()
  if (time === undefined) return <span className="muted">–</span>
  return (
    <time dateTime={time} title={dateTime(time)}>
      {span(language, time, now)}
    </time>
  )
}

export function Ago({ time }: { readonly time: string }) {
  const { ago, dateTime } = useTexts()
  const now = useNow()
  return (
    <time dateTime={time} title={dateTime(time)}>
      {ago(time, now)}
    </time>
  )
}
