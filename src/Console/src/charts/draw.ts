import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type Colours, optionOf } from './option'
import type { ChartModel } from './model'

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])

/** Colours of the theme as a canvas takes them: what a variable holds depends on the scheme, what an element has does not. */
function coloursOf(element: HTMLElement): Colours {
  const probe = document.createElement('span')
  element.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const colours = {
    named: colour,
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`series-${number}`)),
    text: colour('text'),
    muted: colour('muted'),
    line: colour('line'),
    surface: colour('surface'),
    raised: colour('raised'),
    font: getComputedStyle(element).fontFamily,
  }
  const known = new Map<string, string>()
  for (const name of ['series-idle', 'good', 'bad', 'doubt', 'accent', 'going', 'muted', 'held', 'busy']) known.set(name, colour(name))
  probe.remove()
  return { ...colours, named: (name) => known.get(name) ?? colours.text }
}

/** Draws it and keeps it as wide as its place; what it returns takes it away. */
export function draw(element: HTMLElement, model: ChartModel): () => void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const colours = coloursOf(element)
  const chart = init(element, null, { renderer: 'canvas' })
  chart.setOption({ ...optionOf(model, colours, element.clientWidth < 520), animation: !still, animationDuration: 250 })
  const observer = new ResizeObserver(() => chart.resize())
  observer.observe(element)
  element.dataset['drawn'] = 'true'
  return () => {
    observer.disconnect()
    chart.dispose()
    delete element.dataset['drawn']
  }
}
