import { type Channel, plainText } from './channel.ts'
import { runProgram } from './program.ts'

/** A program of the owner's: the message on its standard input, its parts in `OTTUGI_ALERT_…`. It gets no secret of ours. */
export const exec: Channel<'exec'> = (notice, { command }, { environment, signal }) => {
  const { key, thread, kind, severity, title, body, link, at } = notice
  const parts = {
    OTTUGI_ALERT_KEY: key,
    OTTUGI_ALERT_ID: thread,
    OTTUGI_ALERT_KIND: kind,
    OTTUGI_ALERT_SEVERITY: severity,
    OTTUGI_ALERT_TITLE: title,
    OTTUGI_ALERT_BODY: body,
    OTTUGI_ALERT_LINK: link ?? '',
    OTTUGI_ALERT_AT: at,
  }
  return runProgram({
    words: command,
    input: `${plainText(notice)}\n`,
    environment: { ...environment, ...parts },
    signal,
  })
}
