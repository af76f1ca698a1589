import { TIME, UUID } from '../support/expect.mjs';

const html = '<p>Hi {{{FIRST_NAME|there}}}</p><a href="{{{RESEND_UNSUBSCRIBE_URL}}}">Unsubscribe</a>';

export default async function broadcasts({ cli }) {
  const segment = await cli.ok(['segments', 'create', '--name', 'Readers'], { id: UUID });
  const { id } = await cli.ok(['broadcasts', 'create', '--name', 'Cli', '--segment-id', segment.id, '--from', 'Goat <hello@sender.example>',
    '--subject', 'Hi', '--html', html, '--reply-to', 'reply@sender.example', '--preview-text', 'Short'], { object: 'broadcast', id: UUID });
  await cli.ok(['broadcasts', 'get', id], {
    object: 'broadcast', id, name: 'Cli', segment_id: segment.id, from: 'Goat <hello@sender.example>', subject: 'Hi', html,
    reply_to: ['reply@sender.example'], preview_text: 'Short', status: 'draft', created_at: TIME,
  });
  await cli.ok(['broadcasts', 'update', id, '--subject', 'Hello', '--name', 'News'], { id });
  const copy = await cli.ok(['broadcasts', 'duplicate', id], { object: 'broadcast', id: UUID });
  await cli.ok(['broadcasts', 'list'], {
    object: 'list', has_more: false, data: [{ id: copy.id, name: 'News (copy)', status: 'draft' }, { id, name: 'News', segment_id: segment.id }],
  });
  await cli.ok(['broadcasts', 'send', id, '--scheduled-at', 'in 1 hour'], { id });
  await cli.ok(['broadcasts', 'get', id], { subject: 'Hello', status: 'scheduled', scheduled_at: TIME });
  await cli.ok(['broadcasts', 'cancel', id], { id });
  await cli.ok(['broadcasts', 'send', copy.id], { id: copy.id });
  await cli.ok(['broadcasts', 'recipients', copy.id, '--type', 'sent'], { object: 'list', has_more: false, data: [] });
  await cli.ok(['broadcasts', 'clicked-links', copy.id], { object: 'list', has_more: false, data: [] });
  await cli.refused(['broadcasts', 'send', copy.id], /cannot be sent/);
  await cli.refused(['broadcasts', 'create', '--segment-id', segment.id, '--from', 'hello@sender.example', '--subject', 'x', '--text', 'x', '--send'],
    /no way to unsubscribe/);
  await cli.ok(['broadcasts', 'delete', id, '--yes'], { id, deleted: true });
  await cli.refused(['broadcasts', 'get', id], /Broadcast not found/);
  await cli.ok(['segments', 'delete', segment.id, '--yes'], { deleted: true });
}
