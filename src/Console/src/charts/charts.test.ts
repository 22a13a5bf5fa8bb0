import { describe, expect, it } from 'vitest'
import type { ChartModel } from './model'
import { type Colours, optionOf, tooltip } from './option'

const colours: Colours = { named: (name) => `<${name}>`, series: ['red', 'blue'], text: 't', muted: 'm', line: 'l', surface: 's', raised: 'r', font: 'f' }
const model = (more: Partial<ChartModel>): ChartModel => ({ kind: 'bars', labels: ['a', 'b'], series: [{ name: 'x', values: [1, 2] }], format: (value) => `${value} €`, shortFormat: String, ...more })

interface Drawn {
  readonly name: string
  readonly type: string
  readonly stack?: string
  readonly color?: string
  readonly data: readonly (number | null)[]
  readonly markLine?: { readonly data: readonly { readonly yAxis: number }[] }
}
const drawn = (made: ChartModel): readonly Drawn[] => (optionOf(made, colours, false) as { series: readonly Drawn[] }).series

describe('a chart', () => {
  it('stacks bars, each in a colour of its own or of the theme', () =>
    expect(drawn(model({ series: [{ name: 'x', values: [1] }, { name: 'y', values: [2] }, { name: 'z', values: [3], colour: 'series-idle' }] })).map((each) => [each.type, each.stack, each.color])).toEqual([
      ['bar', 'all', 'red'],
      ['bar', 'all', 'blue'],
      ['bar', 'all', '<series-idle>'],
    ]))
  it('fills a band from its lower edge', () =>
    expect(drawn(model({ kind: 'lines', band: { name: 'likely', low: [null, 1], high: [null, 4] } })).map((each) => [each.name, each.data])).toEqual([
      ['likely ↓', [null, 1]],
      ['likely', [null, 3]],
      ['x', [1, 2]],
    ]))
  it('draws levels once', () => expect(drawn(model({ kind: 'lines', levels: [{ name: '80 %', value: 8, colour: 'bad' }], series: [{ name: 'x', values: [1] }, { name: 'y', values: [1] }] })).map((each) => each.markLine?.data.map((level) => level.yAxis))).toEqual([[8], undefined]))
})

describe('the text beside the pointer', () => {
  const series = [{ name: 'x', values: [1] }, { name: 'y', values: [3] }, { name: 'none', values: [0] }]
  it('has the largest first, and the sum of bars', () =>
    expect(tooltip(model({ series }), [{ name: 'a', seriesName: 'x', value: 1 }, { name: 'a', seriesName: 'y', value: 3 }, { name: 'a', seriesName: 'none', value: 0 }])).toBe('a  4 €\ny  3 €\nx  1 €'))
  it('says nothing of what only fills', () => expect(tooltip(model({ kind: 'lines' }), [{ name: 'a', seriesName: 'likely ↓', value: 9 }, { name: 'a', seriesName: 'x', value: 1 }])).toBe('a\nx  1 €'))
})
