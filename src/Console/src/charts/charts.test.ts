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
interface Shown {
  readonly series: readonly { readonly lineStyle: { readonly type?: unknown }; readonly itemStyle: { readonly decal?: unknown } }[]
  readonly legend: { readonly data: readonly { readonly name: string; readonly icon?: string }[] }
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
  it('has dashes that differ, and a legend of lines and of the band', () => {
    const option = optionOf(model({ kind: 'lines', series: [{ name: 'x', values: [1], colour: 'accent' }, { name: 'y', values: [2], colour: 'accent' }], band: { name: 'likely', low: [1], high: [2] } }), colours, false) as unknown as Shown
    expect(option.series.filter((each) => each.lineStyle.type !== undefined).map((each) => each.lineStyle.type)).toEqual(['solid', 'dashed'])
    // No icon of its own: the library draws the line as it is.
    expect(option.legend.data.map(({ name, icon }) => [name, icon])).toEqual([['x', undefined], ['y', undefined], ['likely', 'rect']])
  })
  it('has a square with a pattern for each area, and none for what is idle', () => {
    const series = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, values: [1] }))
    const option = optionOf(model({ series: [...series, { name: 'idle', values: [1], colour: 'series-idle' }] }), colours, false) as unknown as Shown
    const decals = option.series.map((each) => JSON.stringify(each.itemStyle.decal))
    expect(new Set(decals.slice(0, 5)).size).toBe(5)
    expect(decals[5]).toBeUndefined()
    expect(option.legend.data.every((each) => each.icon === 'rect')).toBe(true)
  })
  it('draws levels once', () => expect(drawn(model({ kind: 'lines', levels: [{ name: '80 %', value: 8, colour: 'bad' }], series: [{ name: 'x', values: [1] }, { name: 'y', values: [1] }] })).map((each) => each.markLine?.data.map((level) => level.yAxis))).toEqual([[8], undefined]))
})

describe('the text beside the pointer', () => {
  const series = [{ name: 'x', values: [1] }, { name: 'y', values: [3] }, { name: 'none', values: [0] }]
  it('has the largest first, and the sum of bars', () =>
    expect(tooltip(model({ series }), [{ name: 'a', seriesName: 'x', value: 1 }, { name: 'a', seriesName: 'y', value: 3 }, { name: 'a', seriesName: 'none', value: 0 }])).toBe('a  4 €\ny  3 €\nx  1 €'))
  it('says nothing of what only fills', () => expect(tooltip(model({ kind: 'lines' }), [{ name: 'a', seriesName: 'likely ↓', value: 9 }, { name: 'a', seriesName: 'x', value: 1 }])).toBe('a\nx  1 €'))
})
