// The texts in which people of tests write what Google keeps: what a text says of a task or a contact, and what a changed text changes.

import { changeOfPersonText, textOfPerson } from './person-text';
import { changeOfTaskText, positionInText, textOfTask } from './task-text';

const MARK = `[crm pa${'0'.repeat(26)}]`;

describe('A task as a text', () => {
  const task = { id: 't1', title: 'Call', due: '2026-03-02T00:00:00.000Z', status: 'needsAction', position: '7' };
  const linesOf = (text: string) => text.split('\r\n').slice(4, -3);

  it.each([
    ['alone', `http://crm/8 ${MARK}`, '', `http://crm/8 ${MARK}`],
    ['below the words of people', `One\nTwo\n\n${MARK}`, 'DESCRIPTION:One\\nTwo', MARK],
    ['twice', `One\n\n${MARK}\n\n${MARK}`, `DESCRIPTION:One\\n\\n${MARK}`, MARK],
  ])('has the line of the program beside the notes, where it stands %s', (_, notes, description, mark) => {
    const lines = ['UID:t1', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Call', description, 'DUE;VALUE=DATE:20260302'];
    const text = textOfTask({ ...task, notes });
    expect(linesOf(text)).toEqual(
      [...lines, 'STATUS:NEEDS-ACTION', 'X-POSITION:7', `X-CRM-LINK:${mark}`].filter((line) => line !== ''),
    );
    expect(changeOfTaskText(text)).toEqual({ title: 'Call', notes, due: task.due, status: 'needsAction' });
  });

  it('is what the last line of where it stands says', () => {
    const text = textOfTask(task).replace('END:VTODO', 'X-POSITION:9\r\nEND:VTODO');
    expect(positionInText(text)).toBe('9');
  });

  it.each([
    ['DUE;VALUE=DATE:20260302', { due: '2026-03-02T00:00:00.000Z' }],
    ['DUE;TZID=Asia/Kathmandu:20260302T231500', { due: '2026-03-02T00:00:00.000Z' }],
    ['STATUS:COMPLETED', { due: null, status: 'completed' }],
  ])('is changed as %s says', (line, changed) => {
    expect(changeOfTaskText(`BEGIN:VTODO\r\nSUMMARY:Call\r\n${line}\r\nEND:VTODO\r\n`)).toMatchObject(changed);
  });
});

describe('A contact as a text', () => {
  const data = {
    names: [{ unstructuredName: 'Nora Calder', givenName: 'Nora' }],
    organizations: [
      { type: 'school', title: 'Pupil' },
      { title: 'Master', name: 'Docks', type: 'work' },
    ],
    phoneNumbers: [
      { value: '1', type: 'work' },
      { value: '2', type: 'pager' },
    ],
    userDefined: [{ key: 'X-NOTE;X-Q="1;2:"', value: 'a:b' }],
    birthdays: [{ text: 'in May' }],
  };
  const text = textOfPerson({ name: 'people/c1', data });

  it('has the name, the title at work, the telephones and what people note', () => {
    expect(text.split('\r\n').slice(2, -2)).toEqual([
      ...['UID:people/c1', 'FN:Nora Calder', 'TITLE:Master', 'TEL;TYPE=WORK,VOICE:1', 'TEL;TYPE=pager:2'],
      'X-NOTE;X-Q="1;2:":a:b',
    ]);
  });

  it.each([
    ['nothing', '', '', {}],
    [
      'a title',
      'TITLE:Master',
      'TITLE:Mate',
      { organizations: [data.organizations[0], { ...data.organizations[1], title: 'Mate' }] },
    ],
    ['a telephone', 'VOICE:1', 'VOICE:3', { phoneNumbers: [{ value: '3', type: 'work' }, data.phoneNumbers[1]] }],
    [
      'one more telephone and one more note',
      'END:VCARD',
      'TEL;TYPE=CELL:4\r\nX-B:c\r\nEND:VCARD',
      {
        phoneNumbers: [...data.phoneNumbers, { value: '4', type: 'mobile' }],
        userDefined: [...data.userDefined, { key: 'X-B', value: 'c' }],
      },
    ],
  ])('changes %s where a text does, and no other list', (_, before, after, lists) => {
    expect(changeOfPersonText(text.replace(before, after), data)).toEqual(lists);
  });

  it('gets a place to work where a title is the first word of it', () => {
    expect(changeOfPersonText('TITLE:Mate\r\n', {})).toEqual({ organizations: [{ type: 'work', title: 'Mate' }] });
  });
});
