import type { Money } from '../../../../contract.ts'
import { formatShare, formatUsd } from '../../app/format.ts'
import { pageMessages } from '../../app/pageMessages.ts'
import { linkTo } from '../../app/router.ts'
import { language, sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { Figure, FigureList, Meter } from '../../design/Figure.tsx'
import { Notice } from '../../design/Notes.tsx'
import type { PartProps } from './partProps.ts'

const t = sayFrom(pageMessages)

/** Today against the limit, how fast it goes, what the month comes to; agent and healer apart. */
export function MoneyCard({ overview: { money, asOf }, stale }: PartProps) {
  return (
    <Card
      title={t('page.over.money')}
      stale={stale}
      asOf={asOf}
      aside={<a href={linkTo('costs')}>{t('page.nav.costs')}</a>}
    >
      <MoneyFigures money={money} />
    </Card>
  )
}

/** The figures of money, for the first screen and the costs. */
export function MoneyFigures({ money }: { money: Money }) {
  const lang = language.value
  const share = shareOf(money.todayUsd, money.limitUsd)
  const burn = money.burnUsdPerHour
  return (
    <>
      <FigureList>
        <Figure
          size="large"
          label={t('page.over.today')}
          value={formatUsd(money.todayUsd, lang)}
          note={against(money.todayUsd, money.limitUsd)}
        />
        <Figure
          label={t('page.over.healer')}
          value={formatUsd(money.healerTodayUsd, lang)}
          note={against(money.healerTodayUsd, money.healerLimitUsd)}
        />
        <Figure label={t('page.over.burn')} value={formatUsd(burn, lang)} unit={t('page.over.perHour')} />
        <Figure
          label={t('page.over.month')}
          value={formatUsd(money.monthUsd, lang)}
          note={
            <>
              {forecast(money.monthForecastUsd)}
              {money.monthLimitUsd !== null && <>, {against(money.monthUsd, money.monthLimitUsd)}</>}
            </>
          }
        />
      </FigureList>
      <Meter share={share} label={t('page.over.limitMeter')} />
      {money.unpricedCalls > 0 && <Notice>{t('page.over.unpriced', { count: money.unpricedCalls })}</Notice>}
    </>
  )
}

function forecast(usd: number | null): string {
  return usd === null ? t('page.over.noForecast') : t('page.over.forecast', { usd: formatUsd(usd, language.value) })
}

function against(spent: number, limit: number | null): string {
  if (limit === null) return t('page.over.noLimit')
  const share = formatShare(shareOf(spent, limit), language.value)
  return t('page.over.todayOf', { limit: formatUsd(limit, language.value), share })
}

function shareOf(spent: number, limit: number | null): number | null {
  return limit === null || limit <= 0 ? null : spent / limit
}
