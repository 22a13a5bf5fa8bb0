import { type ReactNode, useEffect, useState } from 'react'
import { searchFieldId } from '../app/shortcuts'
import { useTexts } from '../i18n/language'

/** A field that tells what is typed once the hand rests: each change is an address of its own. */
export function SearchField({ value, placeholder, onChange }: { readonly value: string; readonly placeholder: string; readonly onChange: (value: string) => void }) {
  const { t } = useTexts()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onChange(typed), 120)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <input
      id={searchFieldId}
      type="search"
      className="field search"
      value={typed}
      placeholder={placeholder}
      aria-label={t('table.search')}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}

/** One of the values that there are, or any. */
export function Choice({ label, value, values, onChange }: { readonly label: string; readonly value: string | undefined; readonly values: readonly string[]; readonly onChange: (value: string | undefined) => void }) {
  const { t } = useTexts()
  const all = value === undefined || values.includes(value) ? values : [value, ...values]
  return (
    <label className={value === undefined ? 'choice' : 'choice chosen'}>
      <span>{label}</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}>
        <option value="">{t('table.filter.any')}</option>
        {all.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  )
}

export interface Chip {
  readonly id: string
  readonly label: string
  readonly count: number
  readonly tone: string
}

/** How many there are of each, and a switch to see only those. */
export function Chips({ label, chips, chosen, onToggle }: { readonly label: string; readonly chips: readonly Chip[]; readonly chosen: ReadonlySet<string> | null; readonly onToggle: (id: string) => void }) {
  const { language } = useTexts()
  return (
    <div className="chips" role="group" aria-label={label}>
      {chips.map((chip) => (
        <button key={chip.id} type="button" className="chip" data-tone={chip.tone} aria-pressed={chosen?.has(chip.id) === true} onClick={() => onToggle(chip.id)}>
          <span className="dot" aria-hidden="true" />
          {chip.label}
          <b>{chip.count.toLocaleString(language)}</b>
        </button>
      ))}
    </div>
  )
}

export const Toolbar = ({ children }: { readonly children: ReactNode }) => <div className="toolbar">{children}</div>
