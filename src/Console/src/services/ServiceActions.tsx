import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/http'
import type { ServiceDetail } from '../api/types'
import { useChange } from '../app/conflict'
import { ButtonProblem } from '../app/ConflictDialog'
import { ActionProblem } from '../app/Messages'
import { toast } from '../app/toasts'
import { useTexts } from '../i18n/language'
import { decidedOf, readService, serviceKeyOf, type ServiceName, servicePath } from './queries'

export function ServiceActions({ of, service }: { readonly of: ServiceName; readonly service: ServiceDetail }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const action = service.held === undefined ? 'pause' : 'resume'
  const again = () => void queries.invalidateQueries({ queryKey: serviceKeyOf(of) })
  const hold = useChange({
    seen: service,
    decided: decidedOf,
    read: () => readService(queries, of),
    // The stream may tell that it was done before the answer does, and the button is another one then.
    write: (version) => call<unknown>(`${servicePath(of)}/actions/${action}`, { method: 'POST', version }).then(() => action),
    onSuccess: (done) => toast(t(`action.done.${done}`, { name: of.service })),
    onSettled: again,
  })
  const restart = useMutation({
    mutationFn: () => call<{ restarted: readonly string[] }>(servicePath(of) + '/actions/restart', { method: 'POST' }),
    onSuccess: ({ restarted }) => toast(t('action.done.restart', { name: of.service, count: restarted.length })),
    onSettled: again,
  })
  return (
    <>
      {hold.error !== null ? <ButtonProblem error={hold.error} isPending={hold.isPending} onAgain={hold.mutate} onClose={hold.reset} action={t(`action.${action}`)} /> : restart.isError ? <ActionProblem error={restart.error} /> : null}
      <button type="button" className="button" disabled={hold.isPending} onClick={() => (restart.reset(), hold.mutate())}>
        {t(`action.${action}`)}
      </button>
      <button type="button" className="button" disabled={restart.isPending} onClick={() => (hold.reset(), restart.mutate())}>
        {t('action.restart')}
      </button>
    </>
  )
}
