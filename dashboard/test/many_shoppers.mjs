// Shoppers for a bench of the page: many users in many cities over the last 28 days, as a shop has
// them: few cities with most of the users and a long tail, some in which a step goes wrong.
import {once} from 'node:events';
import http from 'node:http';

const days = 28;
const dayMs = 86_400_000;
const stages = [
    'access_app',
    'click_banner',
    'view_products',
    'select_product',
    'add_to_cart',
    'begin_checkout',
    'place_order',
];
const goesOn = [1, 0.3, 0.8, 0.65, 0.4, 0.6, 0.55];
const devices = ['android', 'android', 'android', 'ios', 'web'];
const channels = ['organic', 'organic', 'ads', 'push', 'email'];

// The same numbers for the same seed.
function randomFrom(seed) {
    let state = seed >>> 0 || 1;
    return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 4_294_967_296;
    };
}

function pick(random, values) {
    return values[Math.floor(random() * values.length)];
}

// Square and square again: a tenth of the cities has more than half of the users.
function cityOf(random, cities) {
    return Math.floor(random() ** 4 * cities);
}

function eventsOf(user, random, cities, now) {
    const city = cityOf(random, cities);
    const struggles = city % 23 === 7;
    const who =
        `"user_id":"u${user}","city":"Town ${city}","device":"${pick(random, devices)}",` +
        `"channel":"${pick(random, channels)}"`;
    let at = now - Math.floor(random() * days * dayMs) - 3_600_000;
    const events = [];
    for (const [index, stage] of stages.entries()) {
        const goes = random() < goesOn[index] * (struggles && index > 3 ? 0.7 : 1);
        if (!goes && index === 1) continue; // nobody has to click a banner
        if (!goes) break;
        const order = index === 6 ? `,"order_id":"o${user}","amount":${5 + (user % 900)}` : '';
        events.push(`{"event_type":"${stage}",${who},"timestamp":${at}${order}}`);
        at += 1_000 + Math.floor(random() * 120_000);
    }
    return events;
}

async function post(agent, url, body) {
    try {
        const request = http.request(`${url}/webhook`, {method: 'POST', agent});
        request.end(body);
        const [answer] = await once(request, 'response');
        answer.resume();
        await once(answer, 'end');
        return answer.statusCode;
    } catch (error) {
        // The server had just closed a connection that idled.
        if (error.code === 'ECONNRESET') return 503;
        throw error;
    }
}

async function send(agent, url, events) {
    for (;;) {
        const status = await post(agent, url, `[${events.join(',')}]`);
        if (status === 202) return;
        if (status !== 429 && status !== 503) throw new Error(`/webhook: ${status}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

// Sends the journeys of that many users, and says how many events that were.
export async function sendShoppers(url, users, cities) {
    const agent = new http.Agent({keepAlive: true, maxSockets: 4});
    const random = randomFrom(7);
    const now = Date.now();
    const under = new Set();
    let sent = 0;
    let batch = [];
    const flush = async () => {
        const sending = send(agent, url, batch).finally(() => under.delete(sending));
        under.add(sending);
        sent += batch.length;
        batch = [];
        if (under.size >= 8) await Promise.race(under);
    };
    for (let user = 0; user < users; ++user) {
        batch.push(...eventsOf(user, random, cities, now));
        if (batch.length >= 2_000) await flush();
    }
    await flush();
    await Promise.all(under);
    agent.destroy();
    return sent;
}
