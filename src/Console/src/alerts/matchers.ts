import type { Silence } from './queries'

export interface Written {
  readonly name: string
  readonly op: string
  readonly value: string
}

const one = /^\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",]*?))\s*$/

/** `alertname="X", cluster=~"team/.*"`, one after the other, as Alertmanager writes them. Null when one cannot be read. */
export function readMatchers(text: string): readonly Written[] | null {
  const parts: string[] = []
  let quoted = false
  let part = ''
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!
    if (sign === '\\' && quoted) part += sign + (text[++index] ?? '')
    else if (sign === ',' && !quoted) {
      parts.push(part)
      part = ''
    } else {
      if (sign === '"') quoted = !quoted
      part += sign
    }
  }
  parts.push(part)
  const found: Written[] = []
  for (const each of parts) {
    if (each.trim() === '') continue
    const match = one.exec(each)
    if (match === null) return null
    found.push({ name: match[1]!, op: match[2]!, value: match[3] === undefined ? (match[4] ?? '') : match[3].replace(/\\(.)/g, '$1') })
  }
  return found.length === 0 ? null : found
}

const quoted = (value: string): string => `"${value.replace(/(["\\])/g, '\\$1')}"`

export const matcherText = ({ name, op, value }: Written): string => `${name}${op}${quoted(value)}`

/** The labels that make an alert this one and no other. */
export const matchersOf = (labels: Readonly<Record<string, string>>, rule: string): string =>
  [`alertname="${labels['alertname'] ?? rule}"`, ...Object.entries(labels).filter(([name]) => name === 'cluster' || name === 'clusterNamespace' || name === 'namespace').map(([name, value]) => `${name}=${quoted(value)}`)].join(', ')

export function silenceState(silence: Silence, now: number): 'active' | 'pending' | 'expired' {
  const state = silence.state?.toLowerCase()
  if (state === 'active' || state === 'pending' || state === 'expired') return state
  if (silence.endsAt !== undefined && Date.parse(silence.endsAt) <= now) return 'expired'
  return silence.startsAt != null && Date.parse(silence.startsAt) > now ? 'pending' : 'active'
}
