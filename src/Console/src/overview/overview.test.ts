import { describe, expect, it } from 'vitest'
import { pickMovers } from './figures'

const movers = (text: string) => text.split(' ').map((name) => ({ kind: name.slice(0, -1), name }))

const picked = (text: string, most: number) =>
  pickMovers(movers(text), most)
    .map(({ name }) => name)
    .join(' ')

describe('what changed most', () => {
  it('leaves room for namespaces however many clusters there are', () => {
    expect(picked('cluster1 cluster2 cluster3 cluster4 cluster5 namespace1 namespace2 namespace3', 4)).toBe('cluster1 cluster2 namespace1 namespace2')
  })

  it('fills up with the one kind when there are few of the other', () => {
    expect(picked('cluster1 cluster2 cluster3 cluster4 namespace1', 4)).toBe('cluster1 cluster2 cluster3 namespace1')
    expect(picked('cluster1 cluster2', 4)).toBe('cluster1 cluster2')
    expect(pickMovers([], 4)).toEqual([])
  })
})
