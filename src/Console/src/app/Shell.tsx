import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { useTexts } from '../i18n/language'
import { theme } from '../theme/theme'
import { AccountMenu } from './AccountMenu'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { useNarrow } from './narrow'
import { places } from './places'
import { searchFieldId, type Shortcut, useShortcuts } from './shortcuts'
import { ShortcutsDialog } from './ShortcutsDialog'
import { useToasts } from './toasts'

export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const toasts = useToasts()
  const [help, setHelp] = useState(false)
  const shortcuts = useMemo<readonly Shortcut[]>(
    () => [
      { keys: ['/'], text: 'keys.search', run: () => document.getElementById(searchFieldId)?.focus() },
      ...places.map(({ to, key, id }): Shortcut => ({ keys: ['g', key], text: `keys.${id}`, run: () => void navigate({ to }) })),
      { keys: ['t'], text: 'keys.theme', run: theme.toggle },
      { keys: ['?'], text: 'keys.help', run: () => setHelp(true) },
    ],
    [navigate],
  )
  useShortcuts(shortcuts)
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <header className="sidebar">
        <Link to="/" className="brand" aria-label={t('nav.home')}>
          <Icon name="fleet" />
          Fleet
        </Link>
        <Navigation />
        <AccountMenu onHelp={() => setHelp(true)} />
      </header>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((each) => (
          <p key={each.id} className="toast">
            {each.text}
          </p>
        ))}
      </div>
      {help ? <ShortcutsDialog shortcuts={shortcuts} onClose={() => setHelp(false)} /> : null}
    </div>
  )
}

/** Beside the page, or in a menu where there is no room for it. */
function Navigation() {
  const { t } = useTexts()
  const narrow = useNarrow()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const links = (after?: () => void) =>
    places.map(({ id, to }) => (
      <Link key={id} to={to} className="nav-item" activeOptions={{ includeSearch: false, exact: to === '/' }} onClick={after}>
        <Icon name={id} />
        {t(`nav.${id}`)}
      </Link>
    ))
  if (!narrow) return <nav aria-label={t('app.navigation')}>{links()}</nav>
  const here = places.findLast(({ to }) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)))
  return (
    <nav aria-label={t('app.navigation')}>
      <Menu
        label={
          <>
            <Icon name={here?.id ?? 'menu'} />
            {here === undefined ? t('app.navigation') : t(`nav.${here.id}`)}
          </>
        }
        className="nav-item nav-button"
      >
        {(close) => links(close)}
      </Menu>
    </nav>
  )
}
