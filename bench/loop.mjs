// What a rerun is compared with: a bare loop of the same HTTP client that posts the same message as often, with as many at once.
//   loop.mjs URL COUNT CONCURRENCY

import { Agent } from 'node:http';
import axios from 'axios';

const [url, count, concurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

const MESSAGE = `<?xml version="1.0" encoding="UTF-8"?>
<message><title><![CDATA[Created Case for Nora O'Dell at Calder & Sons, Dock 3]]></title><body><![CDATA[Case Title: Dock door \
does not open #dovetailCRM]]></body><url><![CDATA[http://server/dovetail/Cases/Summary/4711]]></url></message>`;

const httpAgent = new Agent({ keepAlive: true });
let left = count;
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    while (left-- > 0) {
      await axios.post(`${url}/api/messages.xml`, MESSAGE, {
        httpAgent,
        auth: { username: 'crm@example.com', password: 'only-for-the-bench' },
        headers: { 'Content-Type': 'application/xml', Accept: 'application/xml' },
      });
    }
  }),
);
httpAgent.destroy();
