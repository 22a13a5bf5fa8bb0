import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { session, useSession } from '../api/session'
import { Settings } from '../app/AccountMenu'
import { changed } from '../app/searchText'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { useNow } from '../i18n/time'
import { changeViews, useViews } from '../table/savedViews'
import { BackupsPart } from './Backups'
import { aboutQuery } from './queries'
import { type SettingsTab, settingsTabs } from './search'
import { TelemetryTokens } from './TelemetryTokens'
import './settings.css'

const route = getRouteApi('/settings')

export function SettingsPage() {
  const { t } = useTexts()
  usePageTitle(t('settings.title'))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { tab = 'general' } = search
  return (
    <main id="content" className="page">
      <header className="page-head">
        <h1>{t('settings.title')}</h1>
      </header>
      <Tabs label={t('settings.tabs')} current={tab} tabs={settingsTabs.map((id) => ({ id, label: t(`settings.${id}`) }))} />
      <div className="tab-panel">{part(tab, search.cluster, (cluster) => void navigate({ search: (old) => changed(old, { cluster }), replace: true }))}</div>
    </main>
  )
}

function part(tab: SettingsTab, cluster: string | undefined, onCluster: (cluster: string | undefined) => void): ReactNode {
  switch (tab) {
    case 'general':
      return <General />
    case 'views':
      return <Views />
    case 'tokens':
      return <TelemetryTokens cluster={cluster} onChoose={onCluster} />
    case 'backups':
      return <BackupsPart />
    case 'about':
      return <About />
  }
}

function General() {
  const { t, ago } = useTexts()
  const { user, expires } = useSession()
  const now = useNow()
  return (
    <div className="settings-general">
      <Settings />
      <dl className="facts">
        <dt>{t('app.signedInAs')}</dt>
        <dd>{user ?? '–'}</dd>
        <dt>{t('signin.token')}</dt>
        <dd>{expires === null ? '–' : t('app.tokenEnds', { when: ago(expires, now) })}</dd>
      </dl>
      <p>
        <button type="button" className="button" onClick={() => session.end('left')}>
          {t('app.signOut')}
        </button>
      </p>
    </div>
  )
}

function Views() {
  const { t } = useTexts()
  return (
    <>
      <p className="muted">{t('settings.views.text')}</p>
      <Kept table="clusters" to="/clusters" title={t('nav.clusters')} />
      <Kept table="services" to="/services" title={t('nav.services')} />
      <Kept table="costs" to="/costs" title={t('nav.costs')} />
    </>
  )
}

function Kept({ table, to, title }: { readonly table: string; readonly to: '/clusters' | '/services' | '/costs'; readonly title: string }) {
  const { t } = useTexts()
  const views = useViews(table)
  return (
    <section className="rows">
      <h2>{title}</h2>
      {views.length === 0 ? (
        <p className="muted">{t('app.none')}</p>
      ) : (
        <ul className="objects">
          {views.map((view) => (
            <li key={view.name}>
              <Link to={to} search={view.search as never} className="name-link break">
                {view.name}
              </Link>
              <button type="button" className="icon-button view-delete" aria-label={t('views.delete', { name: view.name })} onClick={() => changeViews(table, (all) => all.filter((each) => each !== view))}>
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function About() {
  const { t } = useTexts()
  const query = useQuery(aboutQuery)
  return (
    <dl className="facts">
      <dt>{t('settings.product')}</dt>
      <dd>Fleet</dd>
      <dt>{t('settings.version')}</dt>
      <dd>{query.data?.version ?? '–'}</dd>
      {query.data?.commit === undefined ? null : (
        <>
          <dt>{t('settings.commit')}</dt>
          <dd>
            <code title={query.data.commit}>{query.data.commit.slice(0, 12)}</code>
          </dd>
        </>
      )}
      <dt>{t('settings.kubernetes')}</dt>
      <dd>{query.data?.kubernetes ?? '–'}</dd>
      <dt>{t('settings.docs')}</dt>
      <dd>{t('settings.docs.text')}</dd>
      <dt>{t('settings.api')}</dt>
      <dd>
        <a href="/openapi/v1.json">/openapi/v1.json</a>
      </dd>
      <dt>{t('settings.licences')}</dt>
      <dd>
        <a href="/licenses.txt">/licenses.txt</a>
      </dd>
      <dt>{t('settings.address')}</dt>
      <dd>{location.origin}</dd>
    </dl>
  )
}
