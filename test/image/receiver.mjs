// An endpoint for test:image: keeps what is posted to it, and tells on GET.
import { createServer } from 'node:http';

const received = [];

createServer((request, response) => {
  if (request.method === 'GET') return void response.end(JSON.stringify(received));
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    received.push({ id: request.headers['webhook-id'], body });
    response.end();
  });
}).listen(8080);

process.on('SIGTERM', () => process.exit());
