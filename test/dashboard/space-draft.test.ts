import { noteLines, notesOf, tagsOf } from '../../web/src/spaces/space-draft.js';

const NOTES = { owner: 'Ada', address: 'First line\nSecond line', 'a=b': ' c ', empty: '' };

it('notes that nobody touched are as they were, whatever is in them', () => {
  expect(notesOf(noteLines(NOTES), NOTES)).toEqual(NOTES);
  expect(notesOf(`${noteLines(NOTES)}\nplan = large`, NOTES)).toEqual({ ...NOTES, plan: 'large' });
});

it('a line that was changed is what it says now', () => {
  const lines = noteLines(NOTES).replace('owner = Ada', 'owner = Grace = Hopper').replace('Second', '2nd');
  expect(notesOf(lines, NOTES)).toEqual({
    ...NOTES,
    owner: 'Grace = Hopper',
    address: 'First line 2nd line',
  });
  expect(notesOf('owner\n\n plan = large ')).toEqual({ owner: '', plan: 'large' });
});

it('tags are apart by commas and blanks, each once', () => {
  expect(tagsOf('beta, eu  beta')).toEqual(['beta', 'eu']);
});
