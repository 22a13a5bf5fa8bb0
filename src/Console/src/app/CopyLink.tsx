import { useTexts } from '../i18n/language'
import { Icon } from './Icon'
import { toast } from './toasts'

/** The address of the page with its filters: whoever opens it signs in with a token of their own. */
export function CopyLink() {
  const { t } = useTexts()
  // Browsers have no clipboard for pages that came by plain http from another machine.
  if ((navigator.clipboard as Clipboard | undefined) === undefined) return null
  const copy = async () => {
    await navigator.clipboard.writeText(location.href)
    toast(t('app.copied'))
  }
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <Icon name="link" />
      {t('app.copyLink')}
    </button>
  )
}
