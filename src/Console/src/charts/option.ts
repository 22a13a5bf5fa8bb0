import type { EChartsCoreOption } from 'echarts/core'
import type { ChartModel } from './model'

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
    legend: model.series.length > 1 ? { type: 'scroll', bottom: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: text, pageTextStyle: text, pageIconColor: colours.muted, data: model.series.map((each) => each.name) } : { show: false },
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
          ? { stack: 'all', barMaxWidth: 46, barCategoryGap: '28%', itemStyle: { borderColor: colours.surface, borderWidth: model.series.length > 1 ? 0.5 : 0 } }
          : { showSymbol: false, lineStyle: { width: 2, type: index === 0 ? 'solid' : 'dashed' }, connectNulls: false }),
        ...(index === 0 ? levelsOf(model, colours) : {}),
      })),
    ],
  }
}

/** Two lines that are not seen, the upper one as the difference to the lower, filled between. */
function bandOf({ band }: ChartModel, colours: Colours): object[] {
  if (band === undefined) return []
  const hidden = { type: 'line', stack: 'band', showSymbol: false, silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } }
  const above = band.high.map((high, index) => (high === null || band.low[index] == null ? null : high - (band.low[index] ?? 0)))
  return [
    { ...hidden, name: `${band.name} ↓`, data: [...band.low] },
    { ...hidden, name: band.name, data: above, areaStyle: { color: colours.named('accent'), opacity: 0.16 } },
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
