/** The wizard's questions about the model, its key and what it may cost. The key is tried at once. */
import { listModels, providerNames } from '../../shared/config/models.ts'
import { knownProvider } from '../../shared/config/providerTable.ts'
import { discoverLocal } from '../../shared/http/discoverLocal.ts'
import { text } from '../../shared/messages/text.ts'
import type { Answers } from './answers.ts'
import { amountIn } from './flagValues.ts'
import { keyVariableOf } from './plan.ts'
import type { Choice, Prompts } from './prompts.ts'
import { type Desk, tryAnsweredKey } from './trials.ts'

/** Provider, model and key. Undefined when the person leaves. */
export async function askModel(desk: Desk, prompts: Prompts, answers: Answers): Promise<Answers | undefined> {
  const { language, current } = desk
  const { model } = current.settings
  const provider = await prompts.choose(text(language, 'init.askProvider'), await providerChoices(desk), model.provider)
  if (provider === undefined) return undefined
  const initial = firstModelOf(desk, provider)
  const name = await prompts.line({
    ...{ message: text(language, 'init.askModel'), initial },
    check: (typed) => (typed === '' ? text(language, 'init.needed') : undefined),
  })
  if (name === undefined) return undefined
  const chosen = { ...answers, provider, model: name }
  if (knownProvider(provider)?.isFree) return askAddress(desk, prompts, chosen, provider)
  return askKey(desk, prompts, chosen)
}

/** Where a server of models of one's own listens. It asks for no key, and is asked one word. */
async function askAddress(
  desk: Desk,
  prompts: Prompts,
  answers: Answers,
  provider: string,
): Promise<Answers | undefined> {
  const { model } = desk.current.settings
  const initial = provider === model.provider ? model.baseUrl : (knownProvider(provider)?.baseUrl ?? '')
  const message = text(desk.language, 'init.askAddress')
  const check = (typed: string) => (URL.canParse(typed) ? undefined : text(desk.language, 'init.badUrl'))
  const baseUrl = await prompts.line({ message, initial, check })
  if (baseUrl === undefined) return undefined
  return tried(desk, prompts, baseUrl === initial ? answers : { ...answers, baseUrl })
}

async function askKey(desk: Desk, prompts: Prompts, answers: Answers): Promise<Answers | undefined> {
  const { language, current, context } = desk
  const name = keyVariableOf(answers.provider, current)
  const fromShell = context.environment[name]
  if (fromShell && fromShell !== current.secrets.get(name)) {
    const isTaken = await prompts.yesNo(text(language, 'init.askShellKey', { name }), true)
    if (isTaken === undefined) return undefined
    if (isTaken) return tried(desk, prompts, { ...answers, key: fromShell })
  }
  const hasKey = Boolean(current.secrets.get(name))
  const key = await prompts.hidden(text(language, hasKey ? 'init.askKeyAgain' : 'init.askKey', { name }))
  if (key === undefined) return undefined
  if (key !== '') return tried(desk, prompts, { ...answers, key })
  if (hasKey) return tried(desk, prompts, answers)
  prompts.say('info', text(language, 'init.keyLater', { name }))
  return answers
}

/** A key that was refused is asked again, unless the person knows better; where nobody could say, init goes on. */
async function tried(desk: Desk, prompts: Prompts, answers: Answers): Promise<Answers | undefined> {
  const { language } = desk
  prompts.say('step', text(language, 'init.keyTrying'))
  const { result, words } = await tryAnsweredKey(desk, answers)
  if (result === 'cancelled') return undefined
  prompts.say(result === 'well' ? 'success' : 'warn', words)
  if (result !== 'refused') return answers
  const next = await prompts.choose(text(language, 'init.askAfterRefusal'), [
    { value: 'again', label: text(language, 'init.choiceAgain') },
    { value: 'keep', label: text(language, 'init.choiceKeep') },
  ])
  if (next === undefined) return undefined
  const { key: _, ...rest } = answers
  return next === 'keep' ? answers : askModel(desk, prompts, rest)
}

async function providerChoices({ current, language }: Desk): Promise<Choice<string>[]> {
  const { settings, secrets } = current
  const local = await discoverLocal(knownProvider('ollama')?.baseUrl ?? '')
  return providerNames(settings).map((value) => {
    const variable = keyVariableOf(value, current)
    const hint =
      value === 'ollama' && local
        ? text(language, 'init.localFound', { count: local.models.length })
        : variable !== '' && secrets.get(variable)
          ? text(language, 'init.hasKey')
          : ''
    return { value, label: value, ...(hint === '' ? {} : { hint }) }
  })
}

function firstModelOf({ current: { settings } }: Desk, provider: string): string {
  if (provider === settings.model.provider) return settings.model.name
  return listModels(settings).find((facts) => facts.provider === provider)?.model ?? ''
}

/** Money of a day and of a month. */
export async function askBudget(
  { language, current }: Desk,
  prompts: Prompts,
  answers: Answers,
): Promise<Answers | undefined> {
  const { dayUsd, monthUsd } = current.settings.budget
  const ask = (message: string, present: number) =>
    prompts.line({
      ...{ message, initial: String(present) },
      check: (typed) => (amountIn(typed) === undefined ? text(language, 'init.badAmount') : undefined),
    })
  const day = await ask(text(language, 'init.askDay'), dayUsd)
  const month = day === undefined ? undefined : await ask(text(language, 'init.askMonth'), monthUsd)
  if (day === undefined || month === undefined) return undefined
  return { ...answers, dayUsd: amountIn(day) ?? dayUsd, monthUsd: amountIn(month) ?? monthUsd }
}
