import type { Tone } from '../app/Status'
import type { MessageKey, Texts } from '../i18n/language'

const tones: Readonly<Record<string, Tone>> = { critical: 'bad', high: 'bad', error: 'bad', page: 'bad', warning: 'doubt', medium: 'doubt', low: 'idle', info: 'idle', none: 'idle' }
const known: Readonly<Record<string, MessageKey>> = { critical: 'severity.critical', high: 'severity.high', warning: 'severity.warning', medium: 'severity.medium', low: 'severity.low', info: 'severity.info', error: 'severity.error' }

export const severityTone = (severity: string | undefined): Tone => tones[(severity ?? '').toLowerCase()] ?? 'doubt'

/** A word of the language where it has one; what somebody has thought up stays as it is. */
export function severityText({ t }: Texts, severity: string | undefined): string {
  const key = known[(severity ?? '').toLowerCase()]
  return key === undefined ? (severity ?? '–') : t(key)
}
