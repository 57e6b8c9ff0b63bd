import { blocksOf, Workshop } from './blocks.js';

const workshop = new Workshop();

afterAll(() => {
  workshop.remove();
});

it('what the README shows compiles against the built package', async () => {
  const files = blocksOf('react')
    .filter(({ language }) => language === 'tsx')
    .map(({ code }, n) => workshop.write(`react-${n}.tsx`, code));
  expect(files.length).toBeGreaterThan(1);
  await workshop.typeCheck(files);
}, 60_000);

const RENDER = `
const { createElement } = React;
const portal = createElement(WebhookPortal, { src: 'https://webhooks.example.com/portal/spc_1/#portal=php_secret' });
console.log(renderToString(portal));
const Names = () => useEndpoints().rows.map(({ url }) => url).join();
const hooks = createElement(PortalProvider, { url: '/webhooks-api', token: 'php_secret' }, createElement(Names));
console.log(renderToString(createElement('p', null, hooks)));
`;

it.each([
  [
    'react.mjs',
    `import * as React from 'react';
import { renderToString } from 'react-dom/server';
import { PortalProvider, useEndpoints, WebhookPortal } from '@posthorn/react';`,
  ],
  [
    'react.cjs',
    `const React = require('react');
const { renderToString } = require('react-dom/server');
const { PortalProvider, useEndpoints, WebhookPortal } = require('@posthorn/react');`,
  ],
])('renders on a server, without the token in its page (%s)', async (name, head) => {
  const output = await workshop.node([workshop.write(name, head + RENDER)]);
  expect(output).toContain('<iframe src="https://webhooks.example.com/portal/spc_1/"');
  expect(output).toContain('<p></p>');
  expect(output).not.toContain('php_secret');
});
