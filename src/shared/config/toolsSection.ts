/** What the owner decides for the tools of the agent. */
import * as z from 'zod'
import { section, setting, webAddress } from './fields.ts'

/** The settings of the tools. */
export const toolsSection = section('The tools of the agent.', {
  searchEngine: setting(z.enum(['none', 'searxng', 'brave', 'tavily']), 'none', {
    description:
      'Who is asked. brave needs BRAVE_API_KEY in .env and BRAVE_API_KEY=api.search.brave.com in network.secrets; tavily the same with TAVILY_API_KEY and api.tavily.com; searxng needs searchUrl.',
    ownerOnly: true,
  }),
  searchUrl: setting(z.union([z.literal(''), webAddress]), '', {
    description:
      'Address of your SearXNG server, which must allow the format json; a private one must also stand in network.allow. For the others empty, or an address in place of their own.',
    ownerOnly: true,
    form: 'optionalUrl',
  }),
  gitName: setting(z.string().min(1).max(200), 'Ottugi', {
    description: 'Name of the author on commits that the agent makes.',
  }),
  gitEmail: setting(z.string().min(1).max(200), 'ottugi@localhost', {
    description: 'Address of the author on commits that the agent makes.',
  }),
})
