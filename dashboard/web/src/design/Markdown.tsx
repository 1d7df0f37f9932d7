import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { CopyButton } from './CopyButton.tsx'
import type { Inline } from './readInline.ts'
import { type Block, type ListItem, readMarkdown } from './readMarkdown.ts'
import { safeLink } from './safeLink.ts'
import { cut, visibleIn } from './visible.ts'

/** Longer text is read as plain text: nobody waits for its structure. */
const LONGEST = 200_000

/**
 * Markdown as elements. Only what stands here is ever made: HTML in the text stays text, pictures become links, and a link is one only to the web
 * or to mail, with its address in view.
 */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => (text.length > LONGEST ? null : readMarkdown(text)), [text])
  if (!blocks) return <pre class="visible-block">{visibleIn(cut(text, LONGEST).text, true)}</pre>
  return <div class="markdown">{shown(blocks)}</div>
}

function shown(blocks: readonly Block[]): ComponentChildren {
  return blocks.map((block, at) => <Shown key={at} block={block} />)
}

function Shown({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <p class={`md-heading md-h${block.depth}`}>{inline(block.parts)}</p>
    case 'paragraph':
      return <p>{inline(block.parts)}</p>
    case 'code':
      return <CodeBlock text={block.text} />
    case 'quote':
      return <blockquote>{shown(block.blocks)}</blockquote>
    case 'list':
      return <List start={block.start} items={block.items} />
    case 'table':
      return <MarkdownTable header={block.header} rows={block.rows} />
    case 'rule':
      return <hr />
  }
}

function CodeBlock({ text }: { text: string }) {
  return (
    <div class="code-block">
      <pre dir="ltr">
        <code>{visibleIn(text, true)}</code>
      </pre>
      <CopyButton text={text} />
    </div>
  )
}

function List({ start, items }: { start: number | null; items: readonly ListItem[] }) {
  const shownItems = items.map(({ isChecked, blocks }, at) => (
    <li key={at}>
      {isChecked !== null && <span>{isChecked ? '☑ ' : '☐ '}</span>}
      {blocks.map((block, place) =>
        block.kind === 'paragraph' ? (
          <span key={place}>{inline(block.parts)}</span>
        ) : (
          <Shown key={place} block={block} />
        ),
      )}
    </li>
  ))
  return start === null ? <ul>{shownItems}</ul> : <ol start={start}>{shownItems}</ol>
}

type Cells = readonly (readonly Inline[])[]

function MarkdownTable({ header, rows }: { header: Cells; rows: readonly Cells[] }) {
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            {header.map((cell, at) => (
              <th key={at}>{inline(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, place) => (
                <td key={place}>{inline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inline(parts: readonly Inline[]): ComponentChildren {
  return parts.map((part, at) => <Piece key={at} part={part} />)
}

function Piece({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'strong':
      return <strong>{inline(part.parts)}</strong>
    case 'em':
      return <em>{inline(part.parts)}</em>
    case 'del':
      return <del>{inline(part.parts)}</del>
    case 'code':
      return <code>{visibleIn(part.text)}</code>
    case 'break':
      return <br />
    case 'link':
      return <Anchor link={part} />
    case 'text':
      return <>{visibleIn(part.text, true)}</>
  }
}

function Anchor({ link }: { link: Extract<Inline, { kind: 'link' }> }) {
  const href = safeLink(link.href)
  if (!href) return <span>{visibleIn(link.raw)}</span>
  return (
    <a href={href} rel="noopener noreferrer nofollow" target="_blank" title={href}>
      {inline(link.parts)}
    </a>
  )
}
