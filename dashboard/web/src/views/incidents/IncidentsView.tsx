import { route } from '../../app/router.ts'
import { IncidentList } from './IncidentList.tsx'
import { IncidentStoryPart } from './IncidentStoryPart.tsx'

/** All incidents, or the story of one. */
export function IncidentsView() {
  const id = route.value?.id ?? null
  return id === null ? <IncidentList /> : <IncidentStoryPart key={id} id={id} />
}
