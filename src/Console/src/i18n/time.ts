import { useSyncExternalStore } from 'react'

/** How often ages on a page are told anew. */
const tick = 10_000

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

// To make one costs a hundred times what it costs to use it, and each row of a table has an age.
const distances = new Map<string, Intl.RelativeTimeFormat>()
const lengths = new Map<string, Intl.NumberFormat>()

/** `5 minutes ago`, in the largest unit that fits; also of what is to come. */
export function ago(language: string, time: string | number, now: number): string {
  const ahead = Math.round((new Date(time).getTime() - now) / 1000)
  // Of what lies no further ahead than the clock of the page stands still it is known that it has just happened.
  const seconds = ahead > 0 && ahead <= tick / 1000 ? 0 : ahead
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  let form = distances.get(language)
  if (form === undefined) distances.set(language, (form = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })))
  return form.format(Math.trunc(seconds / length), unit)
}

/** `3d`, `4h`, `12m`: how long ago, for narrow columns. */
export function span(language: string, time: string | number, now: number): string {
  const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1000))
  const [unit, length] = units.find(([, size]) => seconds >= size) ?? (['second', 1] as const)
  let form = lengths.get(unit + language)
  if (form === undefined) lengths.set(unit + language, (form = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' })))
  return form.format(Math.floor(seconds / length))
}

/** What is not known yet comes as an empty text, and Intl throws at it: a page must not fall for want of a date. */
const written = (form: Intl.DateTimeFormat, time: string | number): string => {
  const known = new Date(time)
  return Number.isNaN(known.getTime()) ? '–' : form.format(known)
}

const formats = new Map<string, Intl.DateTimeFormat>()

export function dateTime(language: string, time: string | number): string {
  let form = formats.get(language)
  if (form === undefined) formats.set(language, (form = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })))
  return written(form, time)
}

function formatOf(key: string, language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let form = formats.get(key + language)
  if (form === undefined) formats.set(key + language, (form = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })))
  return form
}

/** A day of a chart, in UTC; with the hour where a chart is of hours. */
export const day = (language: string, time: string | number, withHour = false): string =>
  written(withHour ? formatOf('hour ', language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }) : formatOf('day ', language, { day: 'numeric', month: 'short' }), time)

export const date = (language: string, time: string | number): string => written(formatOf('date ', language, { dateStyle: 'medium' }), time)

// One clock for all ages on a page.
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, tick)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

export const useNow = (): number => useSyncExternalStore(subscribe, () => now)
