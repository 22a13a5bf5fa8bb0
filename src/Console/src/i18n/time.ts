import { useSyncExternalStore } from 'react'

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** `5 minutes ago`, in the largest unit that fits; also of what is to come. */
export function ago(language: string, time: string | number, now: number): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1000)
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(Math.trunc(seconds / length), unit)
}

/** `3d`, `4h`, `12m`: how long ago, for narrow columns. */
export function span(language: string, time: string | number, now: number): string {
  const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1000))
  const [unit, length] = units.find(([, size]) => seconds >= size) ?? (['second', 1] as const)
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' }).format(Math.floor(seconds / length))
}

const formats = new Map<string, Intl.DateTimeFormat>()

export function dateTime(language: string, time: string | number): string {
  let form = formats.get(language)
  if (form === undefined) formats.set(language, (form = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })))
  return form.format(new Date(time))
}

function formatOf(key: string, language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let form = formats.get(key + language)
  if (form === undefined) formats.set(key + language, (form = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })))
  return form
}

/** A day of a chart, in UTC; with the hour where a chart is of hours. */
export const day = (language: string, time: string | number, withHour = false): string =>
  (withHour ? formatOf('hour ', language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }) : formatOf('day ', language, { day: 'numeric', month: 'short' })).format(new Date(time))

export const date = (language: string, time: string | number): string => formatOf('date ', language, { dateStyle: 'medium' }).format(new Date(time))

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
  }, 10_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

export const useNow = (): number => useSyncExternalStore(subscribe, () => now)
