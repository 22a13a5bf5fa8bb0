import { Change } from '../app/Change'
import { useTexts } from '../i18n/language'

/** How much a sum changed, and from what; where there was nothing, that. */
export function Before({ now, before, currency }: { readonly now: number; readonly before: number; readonly currency: string | undefined }) {
  const { t, money } = useTexts()
  if (before <= 0) return <>{t('overview.firstMonth')}</>
  return (
    <>
      <Change now={now} before={before} /> {t('costs.beforeWas', { amount: money(before, currency) })}
    </>
  )
}
