import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '../api/problem'
import { change, changesBetween, Conflict } from './conflict'

const stale = () => Promise.reject(new ApiProblem(412, 'precondition-failed', 'has changed since'))

afterEach(() => void vi.useRealTimers())

describe('what changed', () => {
  it('is told by its path, of lists by names', () =>
    expect(
      changesBetween(
        { resourceVersion: '1', phase: 'Ready', labels: { env: 'dev' }, conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: 'a' }] },
        { resourceVersion: '2', phase: 'Paused', labels: { env: 'dev', by: 'bob' }, conditions: [{ type: 'Paused', status: 'True', lastTransitionTime: 'b' }, { type: 'Ready', status: 'True', lastTransitionTime: 'c' }] },
      ),
    ).toEqual([
      { path: 'phase', is: 'Ready', should: 'Paused' },
      { path: 'labels.by', is: undefined, should: 'bob' },
      { path: 'conditions.Paused.type', is: undefined, should: 'Paused' },
      { path: 'conditions.Paused.status', is: undefined, should: 'True' },
    ]))
})

describe('a change', () => {
  it('goes on where nobody decided anything', async () => {
    const write = vi.fn((version: string | undefined) => (version === '2' ? Promise.resolve('done') : stale()))
    expect(await change({ seen: { resourceVersion: '1', state: 'a' }, decided: () => ({}), read: () => Promise.resolve({ resourceVersion: '2', state: 'b' }), write }, '1')).toBe('done')
    expect(write).toHaveBeenCalledTimes(2)
  })
  it('goes on where the status is written each time before it', async () => {
    vi.useFakeTimers()
    let version = 1
    const write = vi.fn((named: string | undefined) => (++version > 4 && named === String(version - 1) ? Promise.resolve('done') : stale()))
    const made = change({ seen: { resourceVersion: '0', state: 'Provisioning' }, decided: () => ({}), read: () => Promise.resolve({ resourceVersion: String(version), state: 'Provisioning' }), write }, '0')
    await vi.runAllTimersAsync()
    expect(await made).toBe('done')
    expect(write).toHaveBeenCalledTimes(4)
  })
  it('waits for what it was refused for to be told', async () => {
    vi.useFakeTimers()
    const read = vi.fn(() => Promise.resolve({ resourceVersion: read.mock.calls.length < 3 ? '1' : '2' }))
    const made = change({ seen: { resourceVersion: '1' }, decided: () => ({}), read, write: (named) => (named === '2' ? Promise.resolve('done') : stale()) }, '1')
    await vi.runAllTimersAsync()
    expect(await made).toBe('done')
  })
  it('is given up in the end', async () => {
    vi.useFakeTimers()
    const write = vi.fn(stale)
    const made = expect(change({ seen: { resourceVersion: '1' }, decided: () => ({}), read: () => Promise.resolve({ resourceVersion: '2' }), write }, '1')).rejects.toMatchObject({ status: 412 })
    await vi.runAllTimersAsync()
    await made
    expect(write.mock.calls.length).toBeLessThan(10)
  })
  it('stops where somebody decides while it goes on', async () => {
    vi.useFakeTimers()
    const held = ['', '', 'by bob']
    const write = vi.fn(stale)
    const made = expect(
      change({ seen: { resourceVersion: '1', held: '' }, decided: ({ held }: { held: string }) => ({ held }), read: () => Promise.resolve({ resourceVersion: String(write.mock.calls.length + 1), held: held[write.mock.calls.length] ?? '' }), write }, '1'),
    ).rejects.toMatchObject({ version: '3', changes: [{ path: 'held', is: '', should: 'by bob' }] })
    await vi.runAllTimersAsync()
    await made
    expect(write).toHaveBeenCalledTimes(2)
  })
  it('is not made where somebody was faster', async () => {
    const write = vi.fn(stale)
    const made = change({ seen: { resourceVersion: '1', phase: 'Ready' }, decided: (seen: object) => seen, read: () => Promise.resolve({ resourceVersion: '2', phase: 'Paused' }), write }, '1')
    await expect(made).rejects.toMatchObject({ version: '2', changes: [{ path: 'phase', is: 'Ready', should: 'Paused' }] })
    await expect(made).rejects.toBeInstanceOf(Conflict)
    expect(write).toHaveBeenCalledTimes(1)
  })
  it('that is refused for another reason is refused', async () => {
    const refused = new ApiProblem(403, 'forbidden', 'no')
    await expect(change({ seen: {}, decided: (seen) => seen, read: () => Promise.reject(new Error('not asked')), write: () => Promise.reject(refused) }, undefined)).rejects.toBe(refused)
  })
})
