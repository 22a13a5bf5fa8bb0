import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { searchFieldId } from '../app/shortcuts'
import { useTexts } from '../i18n/language'

/** The text as it is typed, for filtering: that does not wait until the address knows it, and does not hold up the next key. */
export function useTyped(value: string | undefined): readonly [string, (text: string) => void] {
  const [typed, setTyped] = useState(value ?? '')
  useEffect(() => setTyped(value ?? ''), [value])
  return [useDeferredValue(typed), setTyped]
}

/** A field that tells each key, and what is typed once the hand rests: that is an address of its own. */
export function SearchField({
  value,
  placeholder,
  onChange,
  onTyped,
}: {
  readonly value: string
  readonly placeholder: string
  readonly onChange: (value: string) => void
  readonly onTyped?: (text: string) => void
}) {
  const { t } = useTexts()
  const [typed, setTyped] = useState(value)
  // What was told by the field itself comes back while somebody types on.
  const told = useRef(value)
  useEffect(() => {
    if (value !== told.current) setTyped(value)
    told.current = value
  }, [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => {
      told.current = typed
      onChange(typed)
    }, 250)
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
      onChange={(event) => {
        setTyped(event.target.value)
        onTyped?.(event.target.value)
      }}
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
