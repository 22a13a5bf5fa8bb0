import { session, shortName, useSession } from '../api/session'
import { language, languages, type Language, useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { theme, themes, useTheme } from '../theme/theme'
import { Icon } from './Icon'
import { Menu } from './Menu'

export function Settings() {
  const { t, language: shown } = useTexts()
  const chosen = useTheme()
  return (
    <>
      <fieldset>
        <legend className="segments-legend">{t('app.theme')}</legend>
        <div className="segments">
        {themes.map((each) => (
          <label key={each}>
            <input type="radio" name="theme" checked={chosen === each} onChange={() => theme.set(each)} />
            <span>{t(`app.theme.${each}`)}</span>
          </label>
        ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="segments-legend">{t('app.language')}</legend>
        <div className="segments">
        {(Object.keys(languages) as Language[]).map((each) => (
          <label key={each} lang={each}>
            <input type="radio" name="language" checked={shown === each} onChange={() => language.set(each)} />
            <span>{languages[each]}</span>
          </label>
        ))}
        </div>
      </fieldset>
    </>
  )
}

export function AccountMenu({ onHelp }: { readonly onHelp: () => void }) {
  const { t, ago } = useTexts()
  const { user, expires } = useSession()
  const now = useNow()
  const label = (
    <>
      <Icon name="person" />
      <span className="account-name">{user === null ? t('app.settings') : shortName(user)}</span>
    </>
  )
  return (
    <div className="account">
      <Menu label={label} className="nav-item account-button">
        {(close) => (
          <>
            {user === null ? null : (
              <p className="menu-text">
                {t('app.signedInAs')} <b className="break">{user}</b>
                {expires === null ? null : <span className="muted"> {t('app.tokenEnds', { when: ago(expires, now) })}</span>}
              </p>
            )}
            <Settings />
            <button type="button" className="menu-item" onClick={() => (close(), onHelp())}>
              {t('app.shortcuts')} <kbd>?</kbd>
            </button>
            <button type="button" className="menu-item" onClick={() => session.end('left')}>
              {t('app.signOut')}
            </button>
          </>
        )}
      </Menu>
    </div>
  )
}
