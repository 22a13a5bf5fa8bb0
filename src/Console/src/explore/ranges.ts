/** What is looked at ends now, or lies between two times. */
export const rangeNames = ['15m', '1h', '6h', '24h', '7d', 'custom'] as const
export type RangeName = (typeof rangeNames)[number]

const lengths: Readonly<Record<Exclude<RangeName, 'custom'>, number>> = { '15m': 15 * 60_000, '1h': 3_600_000, '6h': 6 * 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000 }
/** So that a question is the same for a while. */
const grain = 15_000

const timeOf = (text: string | undefined): number | null => {
  const time = text === undefined ? NaN : Date.parse(text)
  return Number.isNaN(time) ? null : time
}

export function rangeOf(name: RangeName, now: number, from?: string, to?: string): { readonly from: string; readonly to: string } {
  const end = Math.ceil(now / grain) * grain
  const [start, last] = name === 'custom' ? [timeOf(from) ?? end - lengths['1h'], timeOf(to) ?? end] : [end - lengths[name], end]
  return { from: new Date(Math.min(start, last)).toISOString(), to: new Date(Math.max(start, last)).toISOString() }
}

/** As fields of times have it, in the time of the browser. */
export function localText(time: string): string {
  const date = new Date(time)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
