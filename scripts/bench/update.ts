/** `--rows update`: how long nobody answers while a version is switched, while a bad one is tried, and while one is taken back whose fault no trial shows. */
import { type Client, startClient } from '../../src/drill/client.ts'
import { createRing, type Ring } from '../../src/drill/ring.ts'
import {
  type Change,
  ENDS_IN_PLACE,
  ENDS_WHEN_READY,
  HANGS_IN_PLACE,
  NEW_FORM,
  otherVersion,
} from '../../test/drills/otherVersion.ts'
import { round } from './drillBench.ts'
import type { Bench, Figure, Outcome } from './measurement.ts'

const WITHOUT_SERVICE_MS = 3_000

const STORIES: Readonly<
  Record<string, { readonly title: string; readonly changes: readonly Change[]; readonly code: number }>
> = {
  update: { title: 'without an answer during `ottugi update`', changes: [], code: 0 },
  refusedUpdate: {
    title: 'without an answer: the new version ends when it is ready, which its trial shows',
    changes: [ENDS_WHEN_READY],
    code: 1,
  },
  failedUpdate: {
    title: 'without an answer: the new version ends when it is ready, in its place only, and is taken back',
    changes: [ENDS_IN_PLACE],
    code: 1,
  },
  hungUpdate: {
    title: 'without an answer: the new version hangs when it is ready, in its place only, and is taken back',
    changes: [HANGS_IN_PLACE],
    code: 1,
  },
  failedForm: {
    title: 'without an answer: as the one that ends in its place, and the databases have a new form',
    changes: [NEW_FORM, ENDS_IN_PLACE],
    code: 1,
  },
  hungForm: {
    title: 'without an answer: as the one that hangs in its place, and the databases have a new form',
    changes: [NEW_FORM, HANGS_IN_PLACE],
    code: 1,
  },
}

/** The bench. */
export const UPDATE_BENCH: Bench = {
  id: 'update',
  groups: ['promises'],
  title: 'an update, and one that fails',
  async run({ times }): Promise<Outcome> {
    const figures: Record<string, Figure> = {}
    for (const [name, { title, changes, code }] of Object.entries(STORIES)) {
      const values: (number | null)[] = []
      for (let turn = 0; turn < times; turn++) values.push(await once(changes, code))
      figures[name] = { title, unit: 'ms', values, target: WITHOUT_SERVICE_MS }
    }
    return { figures }
  },
}

async function once(changes: readonly Change[], code: number): Promise<number | null> {
  const version = otherVersion('99.0.0', changes)
  const ring = await createRing()
  let client: Client | undefined
  try {
    await ring.start()
    client = startClient(() => ring.agentUrl)
    const updated = await ring.ottugi('update', '--from', version.root, '--hold', '3s')
    process.stderr.write('.')
    return updated.code === code ? round((await stopped(client, ring)).downMs) : null
  } finally {
    await client?.stop()
    await ring.destroy()
    version.remove()
  }
}

/** Once somebody answers again: what has not ended yet would count as shorter than it is. */
async function stopped(client: Client, ring: Ring): Promise<{ readonly downMs: number }> {
  await ring.nextAgent(undefined)
  return client.stop()
}
