import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import { ApiProblem } from '../api/problem'
import { compared } from './lines'

export interface Versioned {
  readonly resourceVersion?: string
}

export interface Difference {
  readonly path: string
  readonly is: string | undefined
  readonly should: string | undefined
}

/** Somebody was faster: what changed since the person looked, and the version with which they may decide again. */
export class Conflict extends Error {
  readonly changes: readonly Difference[]
  readonly version: string | undefined

  constructor(message: string, changes: readonly Difference[], version: string | undefined) {
    super(message)
    this.name = 'Conflict'
    this.changes = changes
    this.version = version
  }
}

/** Versions and times go on by themselves; nobody decides by them. */
const unseen = /(^|\.)(resourceVersion|lastTransitionTime|since|updated)$/

/** Lists of what has a name become fields of that name: what was put in front of them changes nothing of the others. */
function named(value: unknown): unknown {
  if (Array.isArray(value)) {
    const names = value.map((item: unknown) => (typeof item === 'object' && item !== null ? nameOf(item as Readonly<Record<string, unknown>>) : undefined))
    if (value.length > 0 && names.every((name) => name !== undefined) && new Set(names).size === names.length) return Object.fromEntries(value.map((item: unknown, index) => [names[index], named(item)]))
    return value
  }
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each)]))
  return value
}

const nameOf = (item: Readonly<Record<string, unknown>>): string | undefined => {
  const name = item['type'] ?? item['name'] ?? item['revision']
  return typeof name === 'string' || typeof name === 'number' ? String(name) : undefined
}

export function changesBetween(seen: object, now: object): readonly Difference[] {
  return compared(named(seen) as Readonly<Record<string, unknown>>, named(now) as Readonly<Record<string, unknown>>).filter((each) => each.is !== each.should && !unseen.test(each.path))
}

interface Change<T extends Versioned, R> {
  /** What the person looks at. */
  readonly seen: T
  /** Of it what somebody has decided. What only goes on by itself (state, messages, conditions) is no reason to ask again. */
  readonly decided: (seen: T) => object
  readonly read: () => Promise<T>
  readonly write: (version: string | undefined) => Promise<R>
}

/** Before what was seen is looked at again: while a thing rolls, its controllers write its status many times a second, and each time is a new version. */
const pauses = [0, 100, 200, 400, 800, 1600, 3200]

/** A write that names what was seen. Where nobody has decided anything since, it is done; else the person decides with what changed before them. */
export async function change<T extends Versioned, R>({ seen, decided, read, write }: Change<T, R>, version: string | undefined): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write(version)
    } catch (error) {
      const problem = ApiProblem.of(error)
      const pause = pauses[attempt]
      if (problem.status !== 412 || pause === undefined) throw problem
      await new Promise((resolve) => setTimeout(resolve, pause))
      const now = await read()
      const changes = changesBetween(decided(seen), decided(now))
      if (changes.length > 0) throw new Conflict(problem.message, changes, now.resourceVersion)
      version = now.resourceVersion
    }
  }
}

/** After a conflict was shown, the next run is about how it is then. */
export function useChange<T extends Versioned, R>(of: Change<T, R> & { readonly onSuccess: (result: R) => void; readonly onSettled?: () => void }): UseMutationResult<R, Error, void> {
  const mutation: UseMutationResult<R, Error, void> = useMutation<R, Error, void>({
    mutationFn: () => change(of, mutation.error instanceof Conflict ? mutation.error.version : of.seen.resourceVersion),
    onSuccess: of.onSuccess,
    ...(of.onSettled === undefined ? {} : { onSettled: of.onSettled }),
  })
  return mutation
}
