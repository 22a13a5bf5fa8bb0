import { useSyncExternalStore } from 'react'
import { en } from './en'
import { fr } from './fr'
import { format, type Message, type Values } from './messages'
import { bytes, duration, money, percent, quantity, shortMoney, signedPercent } from './amounts'
import { ago, date, dateTime, day } from './time'

export const languages = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof languages
export type MessageKey = keyof typeof en

const catalogues: Readonly<Record<Language, Readonly<Record<MessageKey, Message>>>> = { en, fr }
const place = 'fleet.language'
const listeners = new Set<() => void>()

/** The one that was chosen here, else the first that the browser asks for and the console has. */
export function choose(kept: string | null, wanted: readonly string[]): Language {
  const known = (tag: string): Language | undefined => (Object.keys(languages) as Language[]).find((language) => tag.toLowerCase().split('-')[0] === language)
  for (const tag of [kept ?? '', ...wanted]) {
    const found = known(tag)
    if (found !== undefined) return found
  }
  return 'en'
}

let current: Language = 'en'

export const language = {
  get: (): Language => current,
  start(): void {
    current = choose(localStorage.getItem(place), navigator.languages)
    document.documentElement.lang = current
  },
  set(next: Language): void {
    localStorage.setItem(place, next)
    current = next
    document.documentElement.lang = next
    for (const listener of listeners) listener()
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

export interface Texts {
  readonly language: Language
  readonly t: (key: MessageKey, values?: Values) => string
  readonly ago: (time: string | number, now: number) => string
  readonly dateTime: (time: string | number) => string
  /** Days and hours of costs are those of UTC. */
  readonly day: (time: string | number, withHour?: boolean) => string
  readonly date: (time: string | number) => string
  readonly money: (amount: number, currency: string | undefined, exact?: boolean) => string
  readonly shortMoney: (amount: number, currency: string | undefined) => string
  readonly percent: (fraction: number) => string
  readonly change: (fraction: number) => string
  readonly quantity: (value: number) => string
  readonly bytes: (value: number) => string
  readonly duration: (milliseconds: number) => string
}

const made = new Map<Language, Texts>()

export function textsIn(wanted: Language): Texts {
  let texts = made.get(wanted)
  if (texts === undefined) {
    texts = {
      language: wanted,
      t: (key, values) => format(wanted, catalogues[wanted][key], values),
      ago: (time, now) => ago(wanted, time, now),
      dateTime: (time) => dateTime(wanted, time),
      day: (time, withHour) => day(wanted, time, withHour),
      date: (time) => date(wanted, time),
      money: (amount, currency, exact) => money(wanted, amount, currency, exact),
      shortMoney: (amount, currency) => shortMoney(wanted, amount, currency),
      percent: (fraction) => percent(wanted, fraction),
      change: (fraction) => signedPercent(wanted, fraction),
      quantity: (value) => quantity(wanted, value),
      bytes: (value) => bytes(wanted, value),
      duration: (milliseconds) => duration(wanted, milliseconds),
    }
    made.set(wanted, texts)
  }
  return texts
}

export const useTexts = (): Texts => textsIn(useSyncExternalStore(language.subscribe, language.get))
