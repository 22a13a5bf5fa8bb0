import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { useTexts } from '../i18n/language'
import { theme } from '../theme/theme'
import { AccountMenu } from './AccountMenu'
import { Icon } from './Icon'
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
      { keys: ['g', 'c'], text: 'keys.clusters', run: () => void navigate({ to: '/clusters' }) },
      { keys: ['g', 's'], text: 'keys.services', run: () => void navigate({ to: '/services' }) },
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
        <Link to="/clusters" className="brand">
          <Icon name="fleet" />
          Fleet
        </Link>
        <nav aria-label={t('app.navigation')}>
          <Link to="/clusters" className="nav-item" activeOptions={{ includeSearch: false }}>
            <Icon name="clusters" />
            {t('nav.clusters')}
          </Link>
          <Link to="/services" className="nav-item" activeOptions={{ includeSearch: false }}>
            <Icon name="services" />
            {t('nav.services')}
          </Link>
        </nav>
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
