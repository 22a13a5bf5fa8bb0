import type { FieldChange, PlannedObject, UpgradePlan } from '../api/types'
import { useTexts } from '../i18n/language'

const kinds = ['created', 'changed', 'replaced', 'removed'] as const

export function Plan({ plan }: { readonly plan: UpgradePlan }) {
  const { t } = useTexts()
  return (
    <div className="plan">
      <p>{plan.hasChanges ? plan.summary : t('upgrade.same')}</p>
      {plan.blockers.length === 0 ? null : (
        <div className="problem">
          <p className="problem-title">{t('upgrade.blockers')}</p>
          <ul>
            {plan.blockers.map((blocker) => (
              <li key={blocker.rule + blocker.message}>
                <b>{blocker.rule}</b> {blocker.message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.warnings.length === 0 ? null : (
        <div className="note">
          <p className="problem-title">{t('upgrade.warnings')}</p>
          <ul>
            {plan.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      {plan.rollouts.length === 0 ? null : (
        <>
          <h3>{t('upgrade.machines')}</h3>
          <ol className="rollouts">
            {plan.rollouts.map((rollout) => (
              <li key={rollout.kind + rollout.name}>
                <b>{rollout.name}</b> <span className="muted">{rollout.role === 'ControlPlane' ? t('role.controlPlane') : t('role.worker')}</span>{' '}
                {rollout.rolls ? t('upgrade.rolls') : t('upgrade.scales')} ({rollout.machines ?? 0} → {rollout.machinesWanted ?? '?'})
                {rollout.afterControlPlane === true ? `, ${t('upgrade.afterControlPlane')}` : ''}
                {(rollout.reasons ?? []).length === 0 ? null : <span className="muted"> · {(rollout.reasons ?? []).join('; ')}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
      {kinds.map((kind) =>
        plan[kind].length === 0 ? null : (
          <details key={kind}>
            <summary>{t(`upgrade.${kind}`, { count: plan[kind].length })}</summary>
            <ul className="planned">
              {plan[kind].map((object) => (
                <Planned key={object.kind + (object.namespace ?? '') + object.name} object={object} />
              ))}
            </ul>
          </details>
        ),
      )}
    </div>
  )
}

function Planned({ object }: { readonly object: PlannedObject }) {
  return (
    <li>
      <b>{object.kind}</b> {object.name}
      {object.replaces === undefined ? null : <span className="muted"> ← {object.replaces}</span>}
      {(object.fields ?? []).length === 0 ? null : (
        <ul className="changes">
          {(object.fields ?? []).map((field) => (
            <Change key={field.path} field={field} />
          ))}
        </ul>
      )}
    </li>
  )
}

const text = (value: unknown): string => (value === undefined ? '∅' : typeof value === 'string' ? value : JSON.stringify(value))

function Change({ field }: { readonly field: FieldChange }) {
  const { t } = useTexts()
  return (
    <li>
      <code>{field.path}</code>{' '}
      {field.secret === true ? (
        <span className="muted">{t('upgrade.secret')}</span>
      ) : (
        <>
          <del>{text(field.from)}</del> → <ins>{text(field.to)}</ins>
        </>
      )}
    </li>
  )
}
