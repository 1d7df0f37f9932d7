import type { ComponentChildren } from 'preact'
import { ErrorNote, Loading } from '../design/Notes.tsx'
import type { Resource } from '../live/useResource.ts'

/** Shows an answer, or that it is on its way, or why there is none. An old one stays below its failure. */
export function KnownAnswer<Value>({
  resource,
  children,
}: {
  resource: Resource<Value>
  children: (value: Value) => ComponentChildren
}) {
  const { data, failure, isLoading, reload } = resource
  return (
    <>
      {failure && <ErrorNote reason={failure.reason} onRetry={reload} />}
      {isLoading && <Loading />}
      {data !== null && children(data)}
    </>
  )
}
