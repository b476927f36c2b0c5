// The process that bench/stream.mjs starts: a Socialcast that takes everything, after the ms that its argument says.

import { createServer } from 'node:http';

const latency = Number(process.argv[2]);
let posts = 0;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (latency === 0) answer(response);
    else setTimeout(answer, latency, response);
  });
});

function answer(response) {
  posts += 1;
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<message><id type="integer">${posts}</id><permalink-url>http://stream.example.com/messages/${posts}</permalink-url></message>
`;
  response.writeHead(201, { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(body) }).end(body);
}

process.on('message', () => process.send({ posts }));
process.once('disconnect', () => {
  server.close();
  server.closeAllConnections();
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
