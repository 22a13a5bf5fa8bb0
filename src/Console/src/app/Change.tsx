import { useTexts } from '../i18n/language'

/** More costs are bad news and less are good ones; what is below a percent is neither. */
export const changeTone = (change: number): string => (change >= 0.01 ? 'bad' : change <= -0.01 ? 'good' : 'idle')

/** How much it changed as a part of what it was; what was not there before has no such part. */
export const changeOf = (now: number, before: number): number | undefined => (before > 0 ? now / before - 1 : undefined)

export function Change({ now, before }: { readonly now: number; readonly before: number | undefined }) {
  const { t, change } = useTexts()
  if (before === undefined) return <span className="muted">–</span>
  const by = changeOf(now, before)
  if (by === undefined) return <span className="muted">{now > 0 ? t('change.new') : '–'}</span>
  return (
    <span className="change" data-tone={changeTone(by)}>
      {change(by)}
    </span>
  )
}
