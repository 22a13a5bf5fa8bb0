import { type FormEvent, useEffect, useState } from 'react'
import { ApiProblem } from '../api/problem'
import { searchFieldId } from '../app/shortcuts'
import { useTexts } from '../i18n/language'
import { positionOf } from './drill'

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  /** What the API said of the question that this filter is in. */
  readonly error: unknown
}

/** Words of the filter language, whatever the language of the page. */
const example = 'namespace:"shop" + label[app]:"api"'

/** The filter language as it is written; asked when Enter is pressed, since half a filter is none. */
export function FilterBox({ value, onChange, error }: Props) {
  const { t } = useTexts()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const problem = error === null || error === undefined ? null : ApiProblem.of(error)
  const position = problem?.status === 400 ? positionOf(problem.message) : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChange(typed.trim())
  }
  return (
    <>
      <form className="filter-box" onSubmit={submit}>
        <input
          id={searchFieldId}
          type="search"
          className="field search filter"
          value={typed}
          placeholder={example}
          aria-label={t('costs.filter')}
          aria-invalid={position !== null}
          aria-describedby={position === null ? undefined : 'filter-problem'}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.target.value)
            // The cross of the field takes a filter away at once.
            if (event.target.value === '') onChange('')
          }}
        />
        <button type="submit" className="button" disabled={typed.trim() === value}>
          {t('costs.filter.apply')}
        </button>
      </form>
      {position === null || problem === null ? null : (
        <div className="problem filter-problem" id="filter-problem" role="alert">
          <p className="problem-title">{t('costs.filter.wrong', { position: position + 1 })}</p>
          <code className="filter-marked">
            {value.slice(0, position)}
            <mark>{value.slice(position, position + 1) === '' ? '␣' : value.slice(position, position + 1)}</mark>
            {value.slice(position + 1)}
          </code>
          <p className="problem-detail">{problem.message.replace(/^filter, position \d+: /, '')}</p>
        </div>
      )}
    </>
  )
}
