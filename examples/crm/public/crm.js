const KINDS = ['statuses', 'lists', 'tags', 'campaigns'];

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (response.status === 401) return null;
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) alert(answer.message);
  return answer;
}

/** An element with properties and children; text stays text. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const button = (text, onclick) => make('button', { type: 'button', onclick }, text);
const link = (text, href) => make('a', { href }, text);

async function change(method, path, body) {
  await call(method, path, body);
  await showLeads();
}

function choice(label, options, current, onchange) {
  const items = options.map(({ id, name }) => make('option', { value: id, selected: id === current }, name));
  const none = make('option', { value: '' }, '–');
  return make(
    'select',
    { ariaLabel: label, onchange: ({ target }) => onchange(target.value || null) },
    none,
    ...items,
  );
}

function leadRow(lead, { statuses, lists, tags }) {
  const path = `/api/leads/${lead.id}`;
  const patch = (fields) => change('PATCH', path, fields);
  const carried = lead.tags.map(({ id }) => id);
  const toggles = tags.map(({ id, name }) => {
    const checked = carried.includes(id);
    const next = checked ? carried.filter((tag) => tag !== id) : [...carried, id];
    const box = make('input', { type: 'checkbox', checked, onchange: () => patch({ tags: next }) });
    return make('label', {}, box, name, ' ');
  });
  const win = () =>
    change('POST', `${path}/deal`, { deal: crypto.randomUUID(), value: Number(prompt('Value?', '1000')) });
  return make(
    'tr',
    {},
    make('td', {}, lead.email),
    make('td', {}, lead.company ?? ''),
    make(
      'td',
      {},
      choice('Status', statuses, lead.status?.id, (id_status) => patch({ id_status })),
    ),
    make(
      'td',
      {},
      choice('List', lists, lead.list?.id, (id_list) => patch({ id_list })),
    ),
    make('td', {}, ...toggles),
    make(
      'td',
      {},
      button('Won', win),
      ' ',
      button('Delete', () => change('DELETE', path)),
    ),
  );
}

function kindPanel(kind, rows) {
  const path = `/api/${kind}`;
  const items = rows.map(({ id, name }) =>
    make(
      'li',
      {},
      make('span', {}, name),
      button('Rename', () => {
        const renamed = prompt('Name', name);
        if (renamed) void change('PATCH', `${path}/${id}`, { name: renamed });
      }),
      button('Delete', () => change('DELETE', `${path}/${id}`)),
    ),
  );
  const input = make('input', { name: 'name', required: true, ariaLabel: `New in ${kind}` });
  const add = (event) => {
    event.preventDefault();
    void change('POST', path, { name: input.value });
  };
  return make(
    'section',
    {},
    make('h2', {}, kind[0].toUpperCase() + kind.slice(1)),
    make('ul', {}, ...items),
    make('form', { onsubmit: add }, input, make('button', {}, 'Add')),
  );
}

async function showLeads() {
  const lists = await Promise.all(KINDS.map((kind) => call('GET', `/api/${kind}`)));
  const kinds = Object.fromEntries(KINDS.map((kind, n) => [kind, lists[n]]));
  const leads = await call('GET', '/api/leads');
  document.querySelector('#rows').replaceChildren(...leads.map((lead) => leadRow(lead, kinds)));
  document.querySelector('#kinds').replaceChildren(...KINDS.map((kind) => kindPanel(kind, kinds[kind])));
}

async function signIn(name) {
  await call('POST', '/sign-in', { name });
  location.reload();
}

const nav = document.querySelector('#nav');
const me = await call('GET', '/api/me');
if (me === null) {
  nav.append(
    button('Sign in as Ann of Acme', () => signIn('ann')),
    button('Sign in as Bob of Globex', () => signIn('bob')),
  );
} else {
  nav.append(
    link('Leads', '/'),
    link('Settings', '/settings'),
    make('span', {}, `${me.email}, ${me.company}`),
  );
  const page = document.querySelector('main');
  page.hidden = false;
  if (page.id === 'leads') {
    document.querySelector('#new-lead').addEventListener('submit', (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target));
      event.target.reset();
      void change('POST', '/api/leads', fields);
    });
    await showLeads();
  } else showPortal(document.querySelector('iframe'));
}

/** The portal is as high as what it shows, so that the page scrolls and the frame does not. */
function showPortal(frame) {
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== location.origin) return;
    if (data.type === 'posthorn:height') frame.style.height = `${data.height}px`;
  });
  frame.src = '/settings/webhooks/portal/';
}
