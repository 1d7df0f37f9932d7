import { useEffect, useRef, useState } from 'preact/hooks'

/** So near to the end counts as the end, in CSS pixels. */
const NEAR_PX = 48

/** A box with one child that stays at its end while something is added, unless the reader has scrolled up; then nothing moves below the eyes. */
export function useStickToEnd() {
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [isAway, setAway] = useState(false)
  const toEnd = () => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
  }
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const look = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
      setAway(!isAtEnd.current)
    }
    // What grows (an answer, a question that was read later) keeps its end in view.
    const growth = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd()
    })
    for (const part of [element, ...element.children]) growth.observe(part)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      growth.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  return { box, isAway, toEnd }
}
