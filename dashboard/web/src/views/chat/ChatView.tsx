import './chat.css'
import { useMemo, useState } from 'preact/hooks'
import { dashboardChatMessages } from '../../../../../src/shared/messages/dashboardChat.ts'
import { performAction } from '../../app/actions.ts'
import { me } from '../../app/me.ts'
import { goTo, linkTo, route } from '../../app/router.ts'
import { sayFrom } from '../../app/text.ts'
import { Card } from '../../design/Card.tsx'
import { ErrorNote, Loading, Notice } from '../../design/Notes.tsx'
import { visibleIn } from '../../design/visible.ts'
import { getSessions } from '../../live/api.ts'
import { useResource } from '../../live/useResource.ts'
import { ModelField } from '../ModelField.tsx'
import { mergeEvents } from '../sessions/foldSteps.ts'
import { runsIn } from '../sessions/runStory.ts'
import { useLiveJournal } from '../sessions/useLiveJournal.ts'
import { Composer } from './Composer.tsx'
import { Conversation } from './Conversation.tsx'
import { freshId } from './freshId.ts'
import { isOpen } from './talk.ts'
import { useTalk } from './useTalk.ts'

const t = sayFrom(dashboardChatMessages)

/** No id of a session looks like this. */
const NEW_SESSION = '(new)'

/** The conversation with the agent: `/chat` begins a session, `/chat/<id>` goes on with one. */
export function ChatView() {
  const [fresh, setFresh] = useState(freshId)
  const session = route.value?.id ?? fresh
  const [model, setModel] = useState('')
  return (
    <Card title={t('chatView.log')} width="full">
      <div class="chat-head">
        <SessionPicker
          session={session}
          onPick={(picked) => {
            if (picked === null) setFresh(freshId())
            goTo(linkTo('chat', picked))
          }}
        />
        <ModelField
          label={t('chatView.model')}
          placeholder={t('chatView.modelDefault')}
          value={model}
          onChange={setModel}
        />
        <a class="link" href={linkTo('sessions', session)}>
          {t('chatView.steps')}
        </a>
      </div>
      <Talk key={session} session={session} model={model.trim()} />
    </Card>
  )
}

function SessionPicker({ session, onPick }: { session: string; onPick: (session: string | null) => void }) {
  const { data } = useResource((signal) => getSessions({ limit: 50 }, signal), [])
  const known = data?.sessions ?? []
  const isKnown = known.some((one) => one.session === session)
  return (
    <label class="field">
      <span>{t('chatView.session')}</span>
      <select
        value={isKnown || route.value?.id ? session : ''}
        onChange={({ currentTarget }) => onPick(currentTarget.value === '' ? null : currentTarget.value)}
      >
        <option value="">{t('chatView.newSession')}</option>
        {!isKnown && route.value?.id && <option value={session}>{session}</option>}
        {known.map((one) => (
          <option key={one.session} value={one.session}>
            {visibleIn(one.title.slice(0, 80) || one.session)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Talk({ session, model }: { session: string; model: string }) {
  const { resource, events: recorded } = useLiveJournal(session)
  const { talk, send, again } = useTalk(session)
  const own = talk?.events
  const events = useMemo(() => mergeEvents(recorded, own ?? []), [recorded, own])
  const openRun = useMemo(() => runsIn(events).findLast(({ finish }) => finish === null)?.run ?? null, [events])
  const waitsFor = talk && isOpen(talk) ? talk.id : openRun
  const mayChat = me.value?.can.chat ?? true
  const { failure, isLoading } = resource
  return (
    <>
      {failure && failure.status !== 404 && <ErrorNote reason={failure.reason} onRetry={resource.reload} />}
      {isLoading && <Loading />}
      <Conversation {...{ events, talk }} isBusyElsewhere={openRun !== null} onAgain={again} />
      {mayChat ? (
        <Composer
          draft={route.value?.id ?? NEW_SESSION}
          isWaiting={waitsFor !== null}
          onSend={(message) => {
            send({ session, message, id: freshId(), ...(model === '' ? {} : { model }) })
            if (route.value?.id !== session) goTo(linkTo('chat', session), true)
          }}
          onStop={waitsFor === null ? null : () => void performAction({ name: 'cancel-run', args: { run: waitsFor } })}
        />
      ) : (
        <Notice tone="info">{t('chatView.notAllowed')}</Notice>
      )}
    </>
  )
}
