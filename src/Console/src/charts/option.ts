import type { EChartsCoreOption } from 'echarts/core'
import type { ChartModel, Series } from './model'

export interface Colours {
  readonly named: (name: string) => string
  readonly series: readonly string[]
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly raised: string
  readonly font: string
}

interface Shown {
  readonly seriesName?: string
  readonly name?: string
  readonly value?: unknown
  readonly color?: unknown
}

/** The model in the words of the library. Pure. */
export function optionOf(model: ChartModel, colours: Colours, narrow: boolean): EChartsCoreOption {
  const text = { color: colours.muted, fontFamily: colours.font, fontSize: 12 }
  const colourOf = (index: number): string => {
    const wanted = model.series[index]?.colour
    return wanted === undefined ? (colours.series[index % colours.series.length] ?? colours.text) : colours.named(wanted)
  }
  return {
    textStyle: text,
    grid: { left: 4, right: 12, top: 12, bottom: model.series.length > 1 ? 40 : 8, containLabel: true },
    legend: legendOf(model, colours, text),
    xAxis: {
      type: 'category',
      data: [...model.labels],
      boundaryGap: model.kind === 'bars',
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, ...(narrow ? { alignMaxLabel: 'right' } : {}) },
    },
    yAxis: {
      type: 'value',
      splitNumber: narrow ? 3 : 4,
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: { ...text, formatter: (value: number) => model.shortFormat(value) },
    },
    tooltip: {
      trigger: 'axis',
      // Drawn on the canvas: markup would carry styles that the policy of the page does not let in.
      renderMode: 'richText',
      confine: true,
      order: 'valueDesc',
      axisPointer: { type: model.kind === 'bars' ? 'shadow' : 'line', lineStyle: { color: colours.muted }, shadowStyle: { color: colours.line, opacity: 0.5 } },
      backgroundColor: colours.raised,
      borderColor: colours.line,
      padding: [8, 12],
      textStyle: { ...text, color: colours.text, lineHeight: 18 },
      formatter: (shown: unknown) => tooltip(model, shown as readonly Shown[]),
    },
    series: [
      ...bandOf(model, colours),
      ...model.series.map((series, index) => ({
        name: series.name,
        type: model.kind === 'bars' ? 'bar' : 'line',
        data: [...series.values],
        color: colourOf(index),
        ...(model.kind === 'bars'
          ? { stack: 'all', barMaxWidth: 46, barCategoryGap: '28%', itemStyle: { borderColor: colours.surface, borderWidth: model.series.length > 1 ? 0.5 : 0, ...patternOf(series, index, colours) } }
          : { showSymbol: false, lineStyle: { width: 2, type: dashOf(index) }, connectNulls: false }),
        ...(index === 0 ? levelsOf(model, colours) : {}),
      })),
    ],
  }
}

/** Colour alone tells nothing to whoever does not see it: lines differ by their dashes too, areas by a pattern. Levels are dotted, so no line is. */
const dashes = ['solid', 'dashed', [12, 4, 2, 4], [4, 2]]
const dashOf = (index: number) => dashes[index % dashes.length]

/** Five, so that no two of the eight colours with the same one look alike to anybody; a test computes it. What is idle is plain and grey. */
const diagonal = { dashArrayX: [1, 0], dashArrayY: [2, 5] }
const patterns = [
  null,
  { ...diagonal, rotation: Math.PI / 4 },
  { symbol: 'circle', symbolSize: 0.9, dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [4, 0] },
  { ...diagonal, rotation: -Math.PI / 4 },
  { ...diagonal, rotation: 0 },
]
export const patternsInTurn = patterns.length
function patternOf(series: Series, index: number, colours: Colours): { readonly decal?: object } {
  const pattern = series.colour === 'series-idle' ? null : patterns[index % patterns.length]
  return pattern == null ? {} : { decal: { ...pattern, color: colours.surface } }
}

/** A line is a line with its dashes, an area a square; what a band is stands beside it. */
function legendOf(model: ChartModel, colours: Colours, text: object): object {
  if (model.series.length < 2) return { show: false }
  const lines = model.kind === 'lines'
  const band = model.band === undefined ? [] : [{ name: model.band.name, icon: 'rect', itemStyle: { color: colours.named('accent'), opacity: bandOpacity * 2 } }]
  return {
    type: 'scroll',
    bottom: 0,
    left: 0,
    itemWidth: lines ? 26 : 14,
    itemHeight: lines ? 10 : 14,
    itemGap: 14,
    textStyle: text,
    pageTextStyle: text,
    pageIconColor: colours.muted,
    // The mark in the middle of a line's icon would cover its dashes.
    data: [...model.series.map(({ name }) => (lines ? { name, itemStyle: { opacity: 0 } } : { name, icon: 'rect' })), ...band],
  }
}

const bandOpacity = 0.16

/** Two lines that are not seen, the upper one as the difference to the lower, filled between. */
function bandOf({ band }: ChartModel, colours: Colours): object[] {
  if (band === undefined) return []
  const hidden = { type: 'line', stack: 'band', showSymbol: false, silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } }
  const above = band.high.map((high, index) => (high === null || band.low[index] == null ? null : high - (band.low[index] ?? 0)))
  return [
    { ...hidden, name: `${band.name} ↓`, data: [...band.low] },
    { ...hidden, name: band.name, data: above, areaStyle: { color: colours.named('accent'), opacity: bandOpacity } },
  ]
}

function levelsOf({ levels }: ChartModel, colours: Colours): object {
  if (levels === undefined || levels.length === 0) return {}
  return {
    markLine: {
      symbol: 'none',
      silent: true,
      label: { position: 'insideStartTop', color: colours.muted, fontSize: 11, fontFamily: colours.font },
      data: levels.map((level) => ({ yAxis: level.value, name: level.name, label: { formatter: level.name }, lineStyle: { color: colours.named(level.colour), type: 'dotted', width: 1.5 } })),
    },
  }
}

const mostInTooltip = 12

export function tooltip(model: ChartModel, shown: readonly Shown[]): string {
  const known = new Set(model.series.map((each) => each.name))
  const values = shown
    .filter((each): each is Shown & { value: number } => typeof each.value === 'number' && known.has(each.seriesName ?? ''))
    .sort((a, b) => b.value - a.value)
  const total = model.kind === 'bars' && values.length > 1 ? `  ${model.format(values.reduce((sum, each) => sum + each.value, 0))}` : ''
  const lines = values.filter((each) => each.value !== 0).slice(0, mostInTooltip).map((each) => `${each.seriesName}  ${model.format(each.value)}`)
  return [`${shown[0]?.name ?? ''}${total}`, ...lines].join('\n')
}
