import { TIME, UUID } from '../support/expect.mjs';

export default async function templates({ cli }) {
  const { id } = await cli.ok(['templates', 'create', '--name', 'Cli', '--alias', 'cli', '--from', 'Goat <hello@sender.example>', '--subject', 'Hi {{{NAME}}}',
    '--html', '<p>Hi {{{NAME}}}, {{{COUNT}}}</p>', '--var', 'NAME:string:friend', '--var', 'COUNT:number'], { object: 'template', id: UUID });
  await cli.ok(['templates', 'get', 'cli'], {
    object: 'template', id, name: 'Cli', alias: 'cli', status: 'draft', subject: 'Hi {{{NAME}}}',
    variables: [{ key: 'NAME', type: 'string', fallback_value: 'friend' }, { key: 'COUNT', type: 'number', fallback_value: null }],
  });
  await cli.ok(['templates', 'update', id, '--subject', 'Hello {{{NAME}}}'], { object: 'template', id });
  await cli.ok(['templates', 'publish', id], { object: 'template', id });
  const sent = await cli.ok(['emails', 'send', '--template', id, '--to', 'someone@inbox.example', '--var', 'NAME=Ada', '--var', 'COUNT=3'], { id: UUID });
  await cli.ok(['emails', 'get', sent.id], { subject: 'Hello Ada', html: '<p>Hi Ada, 3</p>' });
  const copy = await cli.ok(['templates', 'duplicate', id], { object: 'template', id: UUID });
  await cli.ok(['templates', 'list'], {
    object: 'list', has_more: false,
    data: [{ id: copy.id, name: 'Cli (Copy)', status: 'draft' }, { id, status: 'published', published_at: TIME }],
  });
  for (const each of [copy.id, id]) await cli.ok(['templates', 'delete', each, '--yes'], { id: each, deleted: true });
  await cli.refused(['templates', 'get', id], /Template not found/);
}
