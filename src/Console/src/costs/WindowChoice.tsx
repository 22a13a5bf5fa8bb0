import { useTexts } from '../i18n/language'
import type { PartProps } from './CostsPage'
import { isWindow, type Span, spanOf, textOfDay, type WindowName, windowNames } from './windows'

export const usualWindow: WindowName = '7d'

export const windowOf = ({ window }: PartProps['search']): WindowName => (isWindow(window) ? window : usualWindow)

export function WindowChoice({ search, go, span }: PartProps & { readonly span: Span }) {
  const { t } = useTexts()
  const chosen = windowOf(search)
  const choose = (window: WindowName) =>
    // What is chosen by hand begins with what was seen.
    go(window === 'custom' ? { window, from: textOfDay(span.start), to: textOfDay(span.end - 1) } : { window: window === usualWindow ? undefined : window, from: undefined, to: undefined })
  return (
    <>
      <label className="choice chosen">
        <span>{t('costs.window')}</span>
        <select value={chosen} onChange={(event) => choose(event.target.value as WindowName)}>
          {windowNames.map((each) => (
            <option key={each} value={each}>
              {t(`costs.window.${each}`)}
            </option>
          ))}
        </select>
      </label>
      {chosen !== 'custom' ? null : (
        <span className="days">
          <input className="field" type="date" aria-label={t('costs.from')} value={textOfDay(span.start)} onChange={(event) => go({ from: event.target.value })} />
          <span aria-hidden="true">–</span>
          <input className="field" type="date" aria-label={t('costs.to')} value={textOfDay(span.end - 1)} onChange={(event) => go({ to: event.target.value })} />
        </span>
      )}
    </>
  )
}

/** The hour that runs is in it, and no minute that passes changes the question. */
export const spanOfSearch = (search: PartProps['search']): Span => spanOf(windowOf(search), Date.now(), search.from, search.to)
