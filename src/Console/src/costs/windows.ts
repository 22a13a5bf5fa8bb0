/** From when until when, in milliseconds; full hours, as costs are kept. Days and months are those of UTC. */
export interface Span {
  readonly start: number
  readonly end: number
}

export const windowNames = ['today', 'yesterday', '7d', '30d', 'month', 'lastmonth', 'custom'] as const
export type WindowName = (typeof windowNames)[number]

export const hour = 3_600_000
export const day = 24 * hour

const midnight = (time: number): number => Math.floor(time / day) * day
const monthOf = (time: number, offset = 0): number => {
  const date = new Date(time)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)
}

export const isWindow = (name: string | undefined): name is WindowName => windowNames.some((each) => each === name)

/** A day as fields of dates have it, `2026-11-21`; null for what is none. */
export function dayOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const time = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(time) ? null : time
}

export const textOfDay = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** `from` and `to` count in the custom window only, both days as a whole. */
export function spanOf(name: WindowName, now: number, from?: string, to?: string): Span {
  const end = Math.ceil(now / hour) * hour
  switch (name) {
    case 'today':
      return { start: midnight(now), end: Math.max(end, midnight(now) + hour) }
    case 'yesterday':
      return { start: midnight(now) - day, end: midnight(now) }
    case '7d':
      return { start: midnight(now) - 6 * day, end }
    case '30d':
      return { start: midnight(now) - 29 * day, end }
    case 'month':
      return { start: monthOf(now), end: Math.max(end, monthOf(now) + hour) }
    case 'lastmonth':
      return { start: monthOf(now, -1), end: monthOf(now) }
    case 'custom': {
      const start = dayOf(from) ?? midnight(now) - 6 * day
      const last = dayOf(to) ?? midnight(now)
      return { start: Math.min(start, last), end: Math.max(start, last) + day }
    }
  }
}

/** What it is compared with: the same length before it; of months the month before, as far into it. */
export function before(name: WindowName, span: Span): Span {
  if (name === 'lastmonth') return { start: monthOf(span.start, -1), end: span.start }
  if (name === 'month') {
    const start = monthOf(span.start, -1)
    return { start, end: Math.min(start + (span.end - span.start), span.start) }
  }
  const days = Math.ceil((span.end - span.start) / day)
  return { start: span.start - days * day, end: span.end - days * day }
}

/** A chart of up to two days is of hours. */
export const stepOf = ({ start, end }: Span): '1h' | '1d' => (end - start <= 2 * day ? '1h' : '1d')

export function stepsOf(span: Span): readonly number[] {
  const length = stepOf(span) === '1h' ? hour : day
  return Array.from({ length: Math.ceil((span.end - span.start) / length) }, (_, index) => span.start + index * length)
}

const instant = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

export const windowText = ({ start, end }: Span): string => `${instant(start)},${instant(end)}`
