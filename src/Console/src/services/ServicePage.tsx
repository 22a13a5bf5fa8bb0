import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ServiceDetail } from '../api/types'
import { Loading, ProblemPanel } from '../app/Messages'
import { StateStatus, Status } from '../app/Status'
import { Tabs } from '../app/Tabs'
import { usePageTitle } from '../app/title'
import { useTexts } from '../i18n/language'
import { DriftHistory } from './DriftHistory'
import { History } from './History'
import { driftText } from './Marks'
import { ServiceOverview } from './Overview'
import type { ServiceName } from './queries'
import { serviceTabs, type ServiceTab } from './search'
import { ServiceActions } from './ServiceActions'
import { useService } from './useService'
import { Values } from './Values'

const route = getRouteApi('/services/$namespace/$cluster/$serviceNamespace/$service')

export function ServicePage() {
  const texts = useTexts()
  const { t } = texts
  const of: ServiceName = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  usePageTitle(`${of.serviceNamespace}/${of.service} · ${of.cluster}`)
  const { query, service } = useService(of)
  return (
    <main id="content" className="page">
      <p className="crumbs">
        <Link to="/services">{t('nav.services')}</Link> /{' '}
        <Link to="/clusters/$namespace/$name" params={{ namespace: of.namespace, name: of.cluster }}>
          {of.namespace}/{of.cluster}
        </Link>
      </p>
      <header className="page-head">
        <h1 className="break">
          <span className="muted">{of.serviceNamespace}/</span>
          {of.service}
        </h1>
        {service === undefined ? null : (
          <>
            <StateStatus state={service.state} />
            {service.drift === undefined ? null : <Status tone="doubt" text={driftText(texts, service.drift)} />}
          </>
        )}
        <div className="page-actions">{service === undefined ? null : <ServiceActions of={of} service={service} />}</div>
      </header>
      {service === undefined ? (
        query.isError ? (
          <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <>
          <Lead service={service} />
          <Tabs label={t('service.tabs')} current={tab} tabs={serviceTabs.map((id) => ({ id, label: t(`service.${id}`) }))} />
          <div className="tab-panel">
            {part(tab, of, service)}
          </div>
        </>
      )}
    </main>
  )
}

function Lead({ service }: { readonly service: ServiceDetail }) {
  const { t } = useTexts()
  const lines = [service.held?.message, service.paused === true ? t('service.paused') : undefined, service.problem ?? service.message, service.clusterProblem]
  return (
    <>
      {[...new Set(lines)].map((line) =>
        line === undefined ? null : (
          <p key={line} className="lead">
            {line}
          </p>
        ),
      )}
    </>
  )
}

function part(tab: ServiceTab, of: ServiceName, service: ServiceDetail): ReactNode {
  switch (tab) {
    case 'overview':
      return <ServiceOverview service={service} />
    case 'values':
      return <Values of={of} />
    case 'history':
      return <History of={of} service={service} />
    case 'drift':
      return <DriftHistory of={of} />
  }
}
