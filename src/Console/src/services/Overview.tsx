import type { ServiceDetail } from '../api/types'
import { Conditions } from '../app/Conditions'
import { Ago, Status, type Tone } from '../app/Status'
import { useTexts } from '../i18n/language'

const healthTones: Readonly<Record<string, Tone>> = { Healthy: 'good', Running: 'busy', Progressing: 'busy', Suspended: 'held', Failed: 'bad' }

export function ServiceOverview({ service }: { readonly service: ServiceDetail }) {
  const { t } = useTexts()
  return (
    <div className="columns">
      <section>
        <h2>{t('service.conditions')}</h2>
        {service.conditions.length === 0 ? <p className="muted">{t('service.noConditions')}</p> : <Conditions conditions={service.conditions} />}
        <h2>{t('service.objects')}</h2>
        {service.objects.length === 0 ? (
          <p className="muted">{t('service.noObjects')}</p>
        ) : (
          <ul className="objects">
            {service.objects.map((object) => (
              <li key={object.apiVersion + object.kind + (object.namespace ?? '') + object.name}>
                <b>{object.kind}</b> <span className="break">{object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`}</span>
                {object.health === undefined ? null : (
                  <span className="object-health" title={object.message}>
                    <Status tone={healthTones[object.health] ?? 'doubt'} text={object.health} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h2>{t('cluster.facts')}</h2>
        <dl className="facts">
          <dt>{t('col.version')}</dt>
          <dd>{service.version ?? '–'}</dd>
          <dt>{t('col.appVersion')}</dt>
          <dd>{service.appVersion ?? '–'}</dd>
          <dt>{t('service.chart')}</dt>
          <dd>{service.chart ?? '–'}</dd>
          <dt>{t('col.template')}</dt>
          <dd>{service.template}</dd>
          <dt>{t('col.revision')}</dt>
          <dd>{service.revision ?? '–'}</dd>
          <dt>{t('service.declaredBy')}</dt>
          <dd>{service.multiClusterService ?? t('service.declaredByCluster')}</dd>
          <dt>{t('col.since')}</dt>
          <dd>{service.since === undefined ? '–' : <Ago time={service.since} />}</dd>
        </dl>
      </section>
    </div>
  )
}
