import { Link } from '@tanstack/react-router'
import { useTexts } from '../i18n/language'
import { Empty } from './Messages'

export function NotFound() {
  const { t } = useTexts()
  return (
    <main id="content" className="page">
      <h1 className="visually-hidden">{t('app.notFound')}</h1>
      <Empty title={t('app.notFound')}>
        {t('app.notFound.text')} <Link to="/clusters">{t('keys.clusters')}</Link>
      </Empty>
    </main>
  )
}
