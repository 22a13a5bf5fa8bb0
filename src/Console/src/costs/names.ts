import type { Texts } from '../i18n/language'
import { specialOf } from './rows'

/** What a row is called: those that are no workload have a name of the language. */
export function nameText({ t }: Texts, name: string): string {
  const special = specialOf(name)
  if (special === null) return name === '' ? '–' : name
  const place = name.split('/').slice(0, -1).join('/')
  return place === '' ? t(`costs.row.${special}`) : `${place} · ${t(`costs.row.${special}`)}`
}
