import { Fragment } from 'react'
import { useTexts } from '../i18n/language'
import { Dialog } from './Dialog'
import type { Shortcut } from './shortcuts'

export function ShortcutsDialog({ shortcuts, onClose }: { readonly shortcuts: readonly Shortcut[]; readonly onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog title={t('app.shortcuts')} onClose={onClose}>
      <dl className="keys">
        {shortcuts.map((shortcut) => (
          <div key={shortcut.text}>
            <dt>
              {shortcut.keys.map((key, index) => (
                <Fragment key={key}>
                  {index === 0 ? null : <span className="muted"> {t('keys.then')} </span>}
                  <kbd>{key}</kbd>
                </Fragment>
              ))}
            </dt>
            <dd>{t(shortcut.text)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{t('keys.close')}</dd>
        </div>
      </dl>
    </Dialog>
  )
}
