import type { Span } from './queries'

export interface Placed {
  readonly span: Span
  readonly depth: number
  /** Parts of the whole trace, 0 to 1; the duration in milliseconds. */
  readonly offset: number
  readonly length: number
  readonly duration: number
}

/** Milliseconds with what is below them, which Date leaves out. */
export function precise(time: string): number {
  const fraction = /\.\d{3}(\d+)/.exec(time)?.[1]
  return Date.parse(time) + (fraction === undefined ? 0 : Number(`0.${fraction}`))
}

const startOf = (span: Span): number => precise(span.start)
const durationOf = (span: Span): number => span.duration * 1000
const parentOf = (span: Span): string | undefined => span.parentSpanId ?? undefined

/** Spans below those that caused them, each by its start. One whose cause was never told stands by itself, and a circle of causes ends. */
export function waterfall(spans: readonly Span[]): readonly Placed[] {
  if (spans.length === 0) return []
  const known = new Set(spans.map((span) => span.spanId))
  const children = new Map<string, Span[]>()
  const roots: Span[] = []
  for (const span of spans) {
    const parent = parentOf(span)
    if (parent === undefined || parent === '' || !known.has(parent) || parent === span.spanId) roots.push(span)
    else children.set(parent, [...(children.get(parent) ?? []), span])
  }
  const first = Math.min(...spans.map(startOf))
  const whole = Math.max(1e-6, Math.max(...spans.map((span) => startOf(span) + durationOf(span))) - first)
  const placed: Placed[] = []
  const seen = new Set<Span>()
  const place = (span: Span, depth: number): void => {
    if (seen.has(span)) return
    seen.add(span)
    placed.push({ span, depth, offset: (startOf(span) - first) / whole, length: durationOf(span) / whole, duration: durationOf(span) })
    for (const child of (children.get(span.spanId) ?? []).sort((a, b) => startOf(a) - startOf(b))) place(child, depth + 1)
  }
  for (const root of roots.sort((a, b) => startOf(a) - startOf(b))) place(root, 0)
  for (const span of spans) place(span, 0)
  return placed
}

export const isFailed = (span: Span): boolean => /error/i.test(span.status ?? '')
