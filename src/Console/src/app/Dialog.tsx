import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTexts } from '../i18n/language'

/** The browser's own modal dialog: it keeps the focus, and gives it back. */
export function Dialog({ title, onClose, children }: { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }) {
  const { t } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    if (shown?.open === false) shown.showModal()
    // Else the focus begins at the button that closes it.
    shown?.querySelector<HTMLElement>('form input')?.focus()
    return () => shown?.close()
  }, [])
  return (
    // Closed and opened again at once, as React does when it tries effects, is not closed.
    <dialog ref={dialog} aria-labelledby={id} onClose={() => dialog.current?.open !== true && onClose()} onPointerDown={(event) => event.target === dialog.current && dialog.current?.close()}>
      <div className="dialog">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" className="icon-button" aria-label={t('app.close')} onClick={() => dialog.current?.close()}>
            ×
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
