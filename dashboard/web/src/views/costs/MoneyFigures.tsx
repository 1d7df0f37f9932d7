import { dashboardViewsMessages } from '../../../../../src/shared/messages/dashboardViews.ts'
import type { Money } from '../../../../contract.ts'
import { formatDuration, formatUsd } from '../../app/format.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Figure, FigureList, Meter } from '../../design/Figure.tsx'
import { Notice } from '../../design/Notes.tsx'
import { Status } from '../../design/Status.tsx'
import { hoursLeft, limitWord, usedShare } from './costFigures.ts'

const t = sayFrom(dashboardViewsMessages)

const HOUR_MS = 3_600_000

/** Money against its limits; the agent and the recovery agent apart. */
export function MoneyFigures({ money }: { money: Money }) {
  const now = language.value
  const usd = (value: number | null) => formatUsd(value, now)
  const left = hoursLeft(money)
  const pace =
    left !== null && left > 0 ? t('costsView.hoursLeft', { time: formatDuration(left * HOUR_MS, now) }) : null
  return (
    <>
      <FigureList>
        <Limited label={t('costsView.today')} used={money.todayUsd} limit={money.limitUsd} />
        <Limited label={t('costsView.todayHealer')} used={money.healerTodayUsd} limit={money.healerLimitUsd} />
        <Figure
          label={t('costsView.burn')}
          value={money.burnUsdPerHour === null ? null : usd(money.burnUsdPerHour)}
          unit={t('costsView.perHour')}
          note={pace}
        />
        <Limited label={t('costsView.month')} used={money.monthUsd} limit={money.monthLimitUsd} />
        <Figure
          label={t('costsView.forecast')}
          value={money.monthForecastUsd === null ? null : usd(money.monthForecastUsd)}
          note={t('costsView.forecastNote')}
        />
      </FigureList>
      {money.unpricedCalls > 0 && (
        <Notice tone="info">{t('costsView.unpriced', { count: money.unpricedCalls })}</Notice>
      )}
    </>
  )
}

type LimitedProps = { readonly label: string; readonly used: number; readonly limit: number | null }

function Limited({ label, used, limit }: LimitedProps) {
  const now = language.value
  const word = limitWord(used, limit)
  const isTight = word === 'near' || word === 'over'
  const note = (
    <>
      {limit === null ? t('costsView.noLimit') : t('costsView.ofLimit', { limit: formatUsd(limit, now) })}
      <Meter share={usedShare(used, limit)} label={label} />
      {isTight && <Status tone={word === 'over' ? 'bad' : 'warn'} word={t(`costsView.limit.${word}`)} />}
    </>
  )
  return <Figure label={label} value={formatUsd(used, now)} note={note} />
}
