import { type FormEvent, useState } from 'react'
import { Menu } from '../app/Menu'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { changeViews, useViews, withView } from './savedViews'

interface Props {
  readonly table: string
  readonly search: Readonly<Record<string, string | undefined>>
  readonly onChoose: (search: Readonly<Record<string, string>>) => void
}

export function ViewsMenu({ table, search, onChoose }: Props) {
  const { t } = useTexts()
  const views = useViews(table)
  const [name, setName] = useState('')
  const save = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = name.trim()
    if (trimmed === '') return
    const kept = Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined))
    changeViews(table, (all) => withView(all, { name: trimmed, search: kept }))
    toast(t('views.saved', { name: trimmed }))
    setName('')
  }
  return (
    <Menu label={t('views.title')}>
      {(close) => (
        <>
          {views.length === 0 ? <p className="menu-text">{t('views.none')}</p> : null}
          <ul className="menu-list">
            {views.map((view) => (
              <li key={view.name}>
                <button type="button" className="menu-item" onClick={() => (onChoose(view.search), close())}>
                  {view.name}
                </button>
                <button type="button" className="icon-button" aria-label={t('views.delete', { name: view.name })} onClick={() => changeViews(table, (all) => all.filter((each) => each !== view))}>
                  ×
                </button>
              </li>
            ))}
          </ul>
          <form className="menu-form" onSubmit={save}>
            <input className="field" value={name} maxLength={60} placeholder={t('views.name')} aria-label={t('views.name')} onChange={(event) => setName(event.target.value)} />
            <button type="submit" className="button" disabled={name.trim() === ''}>
              {t('views.saveButton')}
            </button>
          </form>
        </>
      )}
    </Menu>
  )
}
