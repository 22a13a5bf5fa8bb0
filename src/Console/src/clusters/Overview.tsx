import type { Cluster } from '../api/types'
import { Conditions } from '../app/Conditions'
import { Ago } from '../app/Status'
import { useTexts } from '../i18n/language'
import { servicesOf } from './servicesOf'

export function Overview({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useTexts()
  const services = servicesOf(cluster)
  return (
    <div className="columns">
      <section>
        <h2>{t('cluster.conditions')}</h2>
        <p className="muted small">{t('cluster.conditions.text')}</p>
        <Conditions conditions={cluster.conditions} />
      </section>
      <section>
        <h2>{t('cluster.facts')}</h2>
        <dl className="facts">
          <dt>{t('clusters.template')}</dt>
          <dd>{cluster.template}</dd>
          <dt>{t('clusters.version')}</dt>
          <dd>{cluster.kubernetesVersion ?? '–'}</dd>
          <dt>{t('cluster.credential')}</dt>
          <dd>{cluster.credential ?? '–'}</dd>
          {cluster.region === undefined ? null : (
            <>
              <dt>{t('cluster.region')}</dt>
              <dd>{cluster.region}</dd>
            </>
          )}
          <dt>{t('cluster.services')}</dt>
          <dd>{services.count === 0 ? t('app.none') : t('clusters.servicesReady', services)}</dd>
          <dt>{t('cluster.created')}</dt>
          <dd>{cluster.created === undefined ? '–' : <Ago time={cluster.created} />}</dd>
          <dt>{t('cluster.labels')}</dt>
          <dd>
            {Object.keys(cluster.labels ?? {}).length === 0
              ? t('app.none')
              : Object.entries(cluster.labels ?? {}).map(([key, value]) => (
                  <span key={key} className="label">
                    {key}={value}
                  </span>
                ))}
          </dd>
        </dl>
      </section>
    </div>
  )
}
