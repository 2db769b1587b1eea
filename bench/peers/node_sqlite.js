// A peer of run.py: what a team would write in Node. Fastify checks the events of POST /webhook,
// better-sqlite3 inserts them, leaving out ids that it has. ACK=queue answers at once and inserts in
// batches; what waits is lost when the process ends. ACK=db answers after the insert's sync.
// ACK=… node node_sqlite.js PORT DATABASE
const Database = require('better-sqlite3');
const fastify = require('fastify')({bodyLimit: 64 << 20});

const [port, path] = process.argv.slice(2);
const durable = process.env.ACK === 'db';
const flushMs = 100;
const flushRows = 5_000;
const fields =
    'event_id user_id session_id event_type city timestamp product_id order_id amount device channel'.split(
        ' ',
    );

const database = new Database(path);
database.pragma('journal_mode=WAL');
database.pragma(`synchronous=${durable ? 'FULL' : 'NORMAL'}`);
const columns = fields.join(', ').replace('event_id', 'event_id PRIMARY KEY');
database.exec(`CREATE TABLE IF NOT EXISTS events (${columns})`);
const insert = database.prepare(
    `INSERT OR IGNORE INTO events VALUES (${fields.map(() => '?').join(', ')})`,
);
const insertAll = database.transaction((events) => {
    for (const event of events) insert.run(fields.map((field) => event[field] ?? null));
});

let waiting = [];
function flush() {
    if (waiting.length > 0) insertAll(waiting);
    waiting = [];
}
setInterval(flush, flushMs);

const isGood = (event) =>
    typeof event?.event_id === 'string' &&
    typeof event.user_id === 'string' &&
    typeof event.event_type === 'string' &&
    Number.isFinite(event.timestamp);

fastify.post('/webhook', (request, reply) => {
    const sent = Array.isArray(request.body) ? request.body : [request.body];
    const good = sent.filter(isGood);
    if (durable) insertAll(good);
    else waiting.push(...good);
    if (waiting.length >= flushRows) flush();
    reply.code(202).send({accepted: good.length, rejected: sent.length - good.length});
});
fastify.listen({port: Number(port), host: '127.0.0.1'});
