import type { MessageKey, Texts } from '../i18n/language'

const known: readonly (readonly [RegExp, MessageKey])[] = [
  [/minReplicas/i, 'recommendations.kind.least'],
  [/right-?siz|container/i, 'recommendations.kind.rightsizing'],
  [/namespace/i, 'recommendations.kind.namespace'],
  [/abandon/i, 'recommendations.kind.abandoned'],
  [/volume|disk/i, 'recommendations.kind.volume'],
  [/balancer/i, 'recommendations.kind.balancer'],
  [/night|schedule/i, 'recommendations.kind.night'],
  [/node/i, 'recommendations.kind.node'],
]

/** A kind that is new here is called as the API calls it. */
export function kindText({ t }: Texts, kind: string): string {
  const found = known.find(([pattern]) => pattern.test(kind))
  return found === undefined ? kind : t(found[1])
}
