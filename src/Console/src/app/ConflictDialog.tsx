import { useTexts } from '../i18n/language'
import { SmallTable } from '../table/SmallTable'
import { Conflict } from './conflict'
import { Dialog } from './Dialog'
import { readable } from './lines'
import { ActionProblem } from './Messages'

const most = 30

/** What changed since the person looked. */
export function ConflictChanges({ conflict }: { readonly conflict: Conflict }) {
  const { t, language } = useTexts()
  return (
    <div className="note" role="alert">
      <p className="problem-title">{t('error.412')}</p>
      <p>{t('conflict.text')}</p>
      <SmallTable
        label={t('conflict.changes')}
        rows={conflict.changes.slice(0, most)}
        rowKey={(each) => each.path}
        columns={[
          { header: t('conflict.field'), isName: true, cell: (each) => <code className="break">{each.path}</code> },
          { header: t('conflict.was'), cell: (each) => <span className="break">{readable(each.is ?? '–', language)}</span> },
          { header: t('conflict.is'), cell: (each) => <b className="break">{readable(each.should ?? '–', language)}</b> },
        ]}
      />
      {conflict.changes.length > most ? <p>{t('conflict.more', { count: conflict.changes.length - most })}</p> : null}
    </div>
  )
}

/** In a form that stays open: its button acts again, now about how it is. */
export function ChangeProblem({ error }: { readonly error: unknown }) {
  return error instanceof Conflict ? <ConflictChanges conflict={error} /> : <ActionProblem error={error} />
}

interface Props {
  readonly error: Error
  readonly isPending: boolean
  readonly onAgain: () => void
  readonly onClose: () => void
  /** What the button does, as it says. */
  readonly action: string
}

/** Beside a button that acts at once: who came second sees what changed, and decides. */
export function ButtonProblem({ error, isPending, onAgain, onClose, action }: Props) {
  const { t } = useTexts()
  if (!(error instanceof Conflict)) return <ActionProblem error={error} />
  return (
    <Dialog title={t('conflict.title')} onClose={onClose}>
      <ConflictChanges conflict={error} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t('conflict.leave')}
        </button>
        <button type="button" className="button primary" disabled={isPending} onClick={onAgain}>
          {t('conflict.again', { action })}
        </button>
      </div>
    </Dialog>
  )
}
