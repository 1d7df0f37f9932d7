/** The wizard: asks everything the first time, later only what the person wants to change. Writes nothing. */
import type { Language } from '../../shared/messages/message.ts'
import { chooseLanguage, text } from '../../shared/messages/text.ts'
import type { Answers } from './answers.ts'
import { askBudget, askModel } from './askModel.ts'
import { askNotify } from './askNotify.ts'
import { askDashboard, askService } from './askPlace.ts'
import { isSetUp } from './current.ts'
import { isEmptyPlan, planOf } from './plan.ts'
import { type Choice, openPrompts, type Prompts } from './prompts.ts'
import { summaryLines } from './summary.ts'
import type { Desk } from './trials.ts'

type Section = 'model' | 'budget' | 'notify' | 'dashboard' | 'service'
type Ask = (desk: Desk, prompts: Prompts, answers: Answers) => Promise<Answers | undefined>

const SECTIONS: Readonly<Record<Section, Ask>> = {
  model: askModel,
  budget: askBudget,
  notify: askNotify,
  dashboard: askDashboard,
  service: askService,
}

/** What a person answered, and the language that they want to be spoken to in. Undefined when they left; `signal` closes the question that is open. */
export async function askEverything(
  given: Desk,
  signal: AbortSignal,
): Promise<{ readonly desk: Desk; readonly answers: Answers } | undefined> {
  const first = await openPrompts(given.language, signal)
  first.begin(text(given.language, 'init.welcome', { home: given.context.home }))
  const language = await askLanguage(given, first)
  if (language === undefined) return undefined
  const desk = { ...given, language: chooseLanguage(language, given.context.environment) }
  const prompts = await openPrompts(desk.language, signal)
  const answers = await askSections(desk, prompts, { language })
  if (answers === undefined) return undefined
  return (await confirmed(desk, prompts, answers)) ? { desk, answers } : undefined
}

function askLanguage({ language, current }: Desk, prompts: Prompts): Promise<'auto' | Language | undefined> {
  const present = current.settings.language === 'auto' ? language : current.settings.language
  const choices: Choice<Language>[] = [
    { value: 'en', label: 'English' },
    { value: 'ko', label: '한국어' },
  ]
  return prompts.choose(text(language, 'init.askLanguage'), choices, present)
}

async function askSections(desk: Desk, prompts: Prompts, begun: Answers): Promise<Answers | undefined> {
  const all = Object.keys(SECTIONS) as Section[]
  const wanted = isSetUp(desk.current) ? await askWhich(desk, prompts, all) : all
  if (wanted === undefined) return undefined
  let answers: Answers | undefined = begun
  for (const section of wanted) {
    answers = await SECTIONS[section](desk, prompts, answers)
    if (answers === undefined) return undefined
  }
  return answers
}

function askWhich({ language, current }: Desk, prompts: Prompts, all: readonly Section[]) {
  const { model, budget, alerts, dashboard } = current.settings
  const present: Readonly<Record<Section, string>> = {
    model: `${model.provider}/${model.name}`,
    budget: `${budget.dayUsd} / ${budget.monthUsd} USD`,
    notify: alerts.channels.map(({ name }) => name).join(', '),
    dashboard: `${dashboard.host}:${dashboard.port}`,
    service: '',
  }
  const choices = all.map((value) => {
    const hint = present[value]
    return { value, label: text(language, `init.section.${value}`), ...(hint === '' ? {} : { hint }) }
  })
  return prompts.several(text(language, 'init.askWhich'), choices)
}

/** The last word: everything that will be done, secrets by their names only. */
async function confirmed(desk: Desk, prompts: Prompts, answers: Answers): Promise<boolean> {
  const plan = planOf(answers, desk.current)
  if (isEmptyPlan(plan)) return true
  prompts.say('info', summaryLines(desk.current, plan, desk).join('\n'))
  return (await prompts.yesNo(text(desk.language, 'init.askWrite'), true)) === true
}
