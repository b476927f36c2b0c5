// The same job as publish-activity's main one, as a colleague would write it in an afternoon with the same packages: the yardstick of the bench.

import axios from 'axios';
import { Command } from 'commander';
import { cosmiconfig } from 'cosmiconfig';
import { Liquid } from 'liquidjs';
import sql from 'mssql';
import { create } from 'xmlbuilder2';

const program = new Command('naive')
  .argument('<objectType>')
  .argument('<dbId>')
  .argument('<activityObjid>')
  .requiredOption('--config <file>')
  .parse();
const [objectType, dbId, activityObjid] = program.args;

const { config } = await cosmiconfig('publish-activity').load(program.opts().config);
const { database, agentUrl } = config.clarify;
const { socialcast } = config.destinations;

const pool = await sql.connect({
  server: database.server,
  port: database.port,
  database: database.database,
  user: database.user,
  password: database.password,
  options: { encrypt: database.encrypt, trustServerCertificate: database.trustServerCertificate },
});
const result = await pool.request().input('objid', sql.Int, Number(dbId)).input('activity', sql.Int, Number(activityObjid))
  .query(`
  SELECT c.[id_number] AS id, c.[title] AS title, n.[title] AS activity, s.[name] AS site,
         p.[first_name] AS firstName, p.[last_name] AS lastName
  FROM [table_act_entry] a
  JOIN [table_case] c ON c.[objid] = a.[act_entry2case] AND c.[objid] = @objid
  LEFT JOIN [table_gbst_elm] n ON n.[objid] = a.[entry_name2gbst_elm]
  LEFT JOIN [table_contact] p ON p.[objid] = c.[case_reporter2contact]
  LEFT JOIN [table_site] s ON s.[objid] = c.[case_reporter2site]
  WHERE a.[objid] = @activity`);
const [activity] = result.recordset;
await pool.close();

const liquid = new Liquid();
const words = { ...activity, objectType };
const title = await liquid.parseAndRender(
  '{% if activity == "Create" %}Created {{ objectType }}{% else %}{{ activity }}{% endif %} for {{ firstName }} {{ lastName }} at {{ site }}',
  words,
);
const body = await liquid.parseAndRender('Case Title: {{ title }} #dovetailCRM', words);

const message = create({ version: '1.0', encoding: 'UTF-8' })
  .ele('message')
  .ele('title')
  .dat(title)
  .up()
  .ele('body')
  .dat(body)
  .up()
  .ele('url')
  .dat(`${agentUrl}/Cases/Summary/${activity.id}`)
  .up()
  .end();

await axios.post(`${socialcast.url}/api/messages.xml`, message, {
  auth: { username: socialcast.username, password: socialcast.password },
  headers: { 'Content-Type': 'application/xml' },
});
