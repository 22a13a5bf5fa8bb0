import type { Service } from '../api/types'
import { Icon } from '../app/Icon'
import { type Texts, useTexts } from '../i18n/language'
import { isHeld } from './search'

export function driftText({ t }: Texts, drift: string): string {
  return drift === 'DriftDetected' || drift === 'KeepsDrifting' || drift === 'CorrectionFailed' ? t(`service.drift.${drift}`) : t('service.drift.other')
}

/** What is special about a service: drifted, held. */
export function Marks({ service }: { readonly service: Service }) {
  const texts = useTexts()
  const held = service.held?.message ?? (service.paused === true ? texts.t('service.paused') : undefined)
  return (
    <>
      {service.drift === undefined ? null : (
        <span className="mark" data-tone="doubt" title={driftText(texts, service.drift)}>
          <Icon name="drift" />
          <span className="visually-hidden">{driftText(texts, service.drift)}</span>
        </span>
      )}
      {isHeld(service) ? (
        <span className="mark" data-tone="held" title={held}>
          <Icon name="hold" />
          <span className="visually-hidden">{texts.t('services.held')}</span>
        </span>
      ) : null}
    </>
  )
}
