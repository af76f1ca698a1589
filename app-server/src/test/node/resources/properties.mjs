import { TIME, UNKNOWN, UUID, exactly, matches, ok, pages, refused } from '../support/expect.mjs';

export default async function contactProperties({ resend }) {
  const all = resend.contactProperties;
  const city = await exactly(all.create({ key: 'city', type: 'string', fallbackValue: 'Wien' }), { object: 'contact_property', id: UUID });
  const age = await exactly(all.create({ key: 'age', type: 'number', fallbackValue: 7 }), { object: 'contact_property', id: UUID });
  const plain = await ok(all.create({ key: 'nick_name', type: 'string' }), { id: UUID });
  // The client turns these into names of its own.
  await ok(all.get(city.id), { object: 'contact_property', id: city.id, key: 'city', type: 'string', fallbackValue: 'Wien', createdAt: TIME });
  await ok(all.get(age.id), { id: age.id, key: 'age', type: 'number', fallbackValue: 7 });
  await ok(all.get(plain.id), { key: 'nick_name', fallbackValue: null });
  await exactly(all.update({ id: age.id, fallbackValue: 8.5 }), { object: 'contact_property', id: age.id });
  await ok(all.get(age.id), { fallbackValue: 8.5 });
  await refused(all.update({ id: age.id, fallbackValue: 'old' }), 422, 'validation_error', /fallback_value/);
  await refused(all.create({ key: 'city', type: 'string' }), 422, 'validation_error', /key|exists/);
  await refused(all.create({ key: 'with space', type: 'string' }), 422, 'validation_error', /key/);
  await refused(all.create({ key: 'x', type: 'date' }), 422, 'validation_error', /type/);
  const list = await ok(all.list(), { object: 'list', has_more: false });
  matches(list.data, [{ id: plain.id }, { id: age.id, type: 'number', fallbackValue: 8.5 }, { id: city.id, key: 'city', createdAt: TIME }]);
  await pages((options) => all.list(options), list.data.map((property) => property.id));
  for (const { id } of [city, age, plain]) {
    await exactly(all.remove(id), { object: 'contact_property', id, deleted: true });
  }
  await refused(all.get(city.id), 404, 'not_found', /not found/);
  await refused(all.update({ id: UNKNOWN, fallbackValue: 'x' }), 404, 'not_found', /not found/);
  await refused(all.remove(UNKNOWN), 404, 'not_found', /not found/);
}
