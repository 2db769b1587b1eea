#!/usr/bin/env python3
"""A plain, slow model of the reports, written from docs/reports.md alone, and the comparison with Footfall.

    model.py PROGRAM [--cases N] [--seed S]   runs PROGRAM (report_cases) on each core, which prints one case a line: journey,
                                              parameters, events and the reports as Footfall computed them; computes
                                              them again; exits 1 at the first field that differs and says how many
                                              cases had which feature.
"""
import argparse
import json
import math
import os
import subprocess
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

Z = 1.959963984540054
TEN_THOUSANDTHS = 10_000


# --- Section 2: who is in scope -------------------------------------------------------------------------------------

def person_of(event):
    return ("user", event["user_id"]) if event["user_id"] else ("anonymous", event["anonymous_id"])


def known(value):
    return value not in (None, "", "unknown")


class Scope:
    """The journey events by person, and which persons and events are in scope."""

    def __init__(self, case):
        self.parameters = case["parameters"]
        self.now = case["now_us"]
        self.stages = case["journey"]
        stage_of = {t: i for i, stage in enumerate(self.stages) for t in stage["event_types"]}
        self.all_events = defaultdict(list)
        self.outside = []
        for event in case["events"]:
            if event["event_type"] in stage_of:
                self.all_events[person_of(event)].append(dict(event, stage=stage_of[event["event_type"]]))
            elif self.in_period(event):
                self.outside.append(event)
        self.persons = [p for p in self.all_events if self.is_in_scope(p)]
        self.events = {p: [e for e in self.all_events[p] if self.in_period(e)] for p in self.persons}

    def in_period(self, event):
        begin, end = self.parameters["from_us"], self.parameters["to_us"]
        return (begin is None or event["t"] >= begin) and (end is None or event["t"] < end)

    def attribute(self, person, name):
        everything = sorted(self.all_events[person], key=lambda e: (e["t"], e["event_id"]))
        for events in ([e for e in everything if self.in_period(e)], everything):
            for event in events:
                if known(event[name]):
                    return event[name]
        return "unknown"

    def is_in_scope(self, person):
        events = self.all_events[person]
        if not any(self.in_period(e) for e in events):
            return False
        if self.parameters["new_users"] and not self.in_period(min(events, key=lambda e: e["t"])):
            return False
        return all(self.parameters[name] is None or self.attribute(person, name) == self.parameters[name]
                   for name in ("city", "device", "channel"))

    def did(self, person, stage):
        return any(e["stage"] == stage for e in self.events[person])


# --- Section 3: the stages ------------------------------------------------------------------------------------------

def chain_exists(times_by_stage, start, end_stage_times):
    """Whether from `start` on each list of times, one a stage, can be walked upwards; the earliest end, or None."""
    now = start
    for times in times_by_stage + [end_stage_times]:
        later = [t for t in times if t >= now]
        if not later:
            return None
        now = min(later)
    return now


def reached_in_order(scope, person, stage, window):
    """c of the stage: the earliest end of a chain, over every start; None when there is none."""
    required = [i for i in range(stage) if not scope.stages[i]["optional"]]
    everything = scope.all_events[person]
    here = [e["t"] for e in everything if e["stage"] == stage]
    if not required:
        return min((e["t"] for e in scope.events[person] if e["stage"] == stage), default=None)
    starts = [e["t"] for e in scope.events[person] if e["stage"] == required[0]]
    between = [[e["t"] for e in everything if e["stage"] == i] for i in required[1:]]
    ends = []
    for start in starts:
        end = chain_exists(between, start, here)
        if end is not None and (window is None or end - start <= window):
            ends.append(end)
    return min(ends, default=None)


def percent(part, whole):
    return None if whole == 0 else 100.0 * part / whole


def percentile(values, tenths):
    if not values:
        return None
    values = sorted(values)
    place = tenths * (len(values) - 1)
    i, r = divmod(place, 10)
    return float(values[i]) if r == 0 else values[i] + ((values[i + 1] - values[i]) * r) / 10.0


def all_reached(scope):
    window = scope.parameters["window_us"]
    reached = [{} for _ in scope.stages]
    for person in scope.persons:
        for stage in range(len(scope.stages)):
            c = reached_in_order(scope, person, stage, window)
            if c is not None:
                reached[stage][person] = c
    return reached


def can_still_reach_the_last_stage(scope, person, reached):
    """Begun within the window before now, and not done."""
    first = next(i for i, s in enumerate(scope.stages) if not s["optional"])
    starts = [e["t"] for e in scope.events[person] if e["stage"] == first]
    window = scope.parameters["window_us"]
    return person not in reached[-1] and any(window is None or scope.now - t <= window for t in starts)


def notes_of(scope):
    notes = []
    if scope.outside:
        types, events = len({e["event_type"] for e in scope.outside}), len(scope.outside)
        notes.append(f"{types:,} event type{' belongs' if types == 1 else 's belong'} to no stage "
                     f"({events:,} event{'' if events == 1 else 's'}): footfall events")
    missing = [s["name"] for i, s in enumerate(scope.stages) if not any(scope.did(p, i) for p in scope.persons)]
    if missing:
        notes.append("Nobody reached " + ", ".join(missing) + ".")
    return notes


def stages_report(scope):
    total = len(scope.persons)
    reached = all_reached(scope)
    rows, before, previous = [], total, None
    for i, stage in enumerate(scope.stages):
        users = sum(scope.did(p, i) for p in scope.persons)
        furthest = sum(max(e["stage"] for e in scope.events[p]) == i for p in scope.persons)
        in_order = len(reached[i])
        seconds = []
        if previous is not None:
            seconds = [(c - reached[previous][p]) // 1_000_000 for p, c in reached[i].items()]
        step = percent(in_order, before)
        rows.append({
            "stage": stage["name"], "position": i + 1, "optional": stage["optional"],
            "users": users, "percent_of_users": percent(users, total),
            "furthest_users": furthest, "furthest_percent": percent(furthest, total),
            "users_in_order": in_order, "percent_in_order": percent(in_order, total),
            "step_conversion_percent": step,
            "drop_off_percent": None if stage["optional"] or step is None else 100.0 - step,
            "median_seconds_from_previous": percentile(seconds, 5),
            "p90_seconds_from_previous": percentile(seconds, 9)})
        if not stage["optional"]:
            before, previous = in_order, i
    return {"total_users": total, "total_events": sum(map(len, scope.events.values())),
            "users_inside_window": sum(can_still_reach_the_last_stage(scope, p, reached) for p in scope.persons),
            "notes": notes_of(scope), "stages": rows}


# --- Section 4: the cities ------------------------------------------------------------------------------------------

def wilson(hits, n):
    p = hits / n
    center, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    low = 0.0 if hits == 0 else (center - half) / (1 + Z * Z / n)
    high = 1.0 if hits == n else (center + half) / (1 + Z * Z / n)
    return 100.0 * low, 100.0 * high


def fisher(x1, n1, x2, n2):
    """In whole numbers throughout."""
    hits = x1 + x2
    weights = {x: math.comb(n1, x) * math.comb(n2, hits - x) for x in range(max(0, hits - n2), min(hits, n1) + 1)}
    limit = weights[x1] * (1 + Fraction(1, 10_000_000))
    return float(Fraction(sum(w for w in weights.values() if w <= limit), sum(weights.values())))


def p_value(x1, n1, x2, n2):
    hits, n = x1 + x2, n1 + n2
    if hits in (0, n):
        return 1.0
    if all(Fraction(row * column, n) >= 5 for row in (n1, n2) for column in (hits, n - hits)):
        p = hits / n
        z = (x1 / n1 - x2 / n2) / math.sqrt(p * (1 - p) * (1 / n1 + 1 / n2))
        return math.erfc(abs(z) / math.sqrt(2))
    return fisher(x1, n1, x2, n2)


def adjusted(values):
    some = sorted(v for v in values if v is not None)
    m = len(some)
    return [None if v is None else min([1.0] + [p * m / (j + 1) for j, p in enumerate(some) if p >= v]) for v in values]


def quotient(amount, count):
    """Ten-thousandths, rounded half away from zero."""
    return (2 * amount + count) // (2 * count)


def money_text(amount):
    return f"{amount // TEN_THOUSANDTHS}.{amount % TEN_THOUSANDTHS:04d}"


class City:
    def __init__(self, scope, name, persons, reached, currency):
        self.name, self.users = name, len(persons)
        self.stage_users = [sum(scope.did(p, i) for p in persons) for i in range(len(scope.stages))]
        self.in_order = [sum(p in r for p in persons) for r in reached]
        self.buyers = self.stage_users[-1]
        lines, orders = set(), set()
        for person in persons:
            for e in scope.events[person]:
                if e["stage"] != len(scope.stages) - 1:
                    continue
                order = (person, "order", e["order_id"]) if e["order_id"] is not None else (person, "event", e["event_id"])
                orders.add(order)
                if e["amount"] is not None:
                    lines.add((order, e["product_id"], e["amount"], e["currency"] or currency))
        self.orders = len(orders)
        self.revenue = defaultdict(int)
        for _, _, amount, code in lines:
            self.revenue[code] += amount


def figures(city, currencies):
    def money(amounts):
        if amounts is None:
            return None
        texts = {c: money_text(amounts[c]) for c in currencies}
        return texts if len(currencies) > 1 else texts[currencies[0]]

    def per(count):
        return None if count == 0 else {c: quotient(city.revenue.get(c, 0), count) for c in currencies}

    low, high = wilson(city.buyers, city.users) if city.users else (None, None)
    return {"buyers": city.buyers, "conversion_percent": percent(city.buyers, city.users),
            "conversion_low_percent": low, "conversion_high_percent": high, "orders": city.orders,
            "revenue": money({c: city.revenue.get(c, 0) for c in currencies}),
            "average_order_value": money(per(city.orders)), "revenue_per_user": money(per(city.users))}


def weakest_step(scope, city, overall):
    required = [i for i, s in enumerate(scope.stages) if not s["optional"]]
    best = None
    for a, b in zip(required, required[1:]):
        mine = percent(city.in_order[b], city.in_order[a])
        theirs = percent(overall.in_order[b] - city.in_order[b], overall.in_order[a] - city.in_order[a])
        if mine is None or theirs is None or mine - theirs >= 0:
            continue
        if best is not None and mine - theirs >= best[0]:
            continue
        rate = (overall.in_order[b] - city.in_order[b]) / (overall.in_order[a] - city.in_order[a])
        lost = 0.0 if city.in_order[b] == 0 else (
            (city.in_order[a] * rate - city.in_order[b]) * (city.in_order[required[-1]] / city.in_order[b]))
        best = (mine - theirs, {"from": scope.stages[a]["name"], "to": scope.stages[b]["name"], "percent": mine,
                                "elsewhere_percent": theirs, "missing_buyers": lost})
    return best and best[1]


def verdict(row, overall_percent, margin):
    if row["p_value_adjusted"] is not None and row["p_value_adjusted"] < 0.05:
        return "better" if row["conversion_percent"] > overall_percent else "worse"
    if (row["conversion_low_percent"] >= overall_percent * (1 - margin)
            and row["conversion_high_percent"] <= overall_percent * (1 + margin)):
        return "no_clear_difference"
    return "too_early_to_say"


def sort_key(row, city, sort, compared):
    def amount(money):
        text = money.get(compared, "0") if isinstance(money, dict) else money
        return -Fraction(text or "0")
    value = {"users": lambda: -city.users, "conversion": lambda: -row["conversion_low_percent"],
             "revenue": lambda: amount(row["revenue"]),
             "revenue_per_user": lambda: amount(row["revenue_per_user"])}[sort]()
    return (city.name == "unknown", value, city.name.encode())


def cities_report(scope, currency):
    parameters = scope.parameters
    reached = all_reached(scope)
    by_city = defaultdict(list)
    for person in scope.persons:
        by_city[scope.attribute(person, "city")].append(person)
    overall = City(scope, "overall", scope.persons, reached, currency)
    currencies = sorted(overall.revenue, key=str.encode) or [currency]

    rows = []
    for name, persons in by_city.items():
        city = City(scope, name, persons, reached, currency)
        row = {"rank": None, "city": name, "users": city.users,
               "share_of_users_percent": percent(city.users, overall.users),
               "stage_percent": {s["name"]: percent(city.stage_users[i], city.users) for i, s in enumerate(scope.stages)}}
        row.update(figures(city, currencies))
        row["weakest_step"] = weakest_step(scope, city, overall)
        others = overall.users - city.users
        tested = name != "unknown" and city.users >= 30 and others > 0
        row["p_value"] = p_value(city.buyers, city.users, overall.buyers - city.buyers, others) if tested else None
        rows.append((row, city))
    rows.sort(key=lambda pair: sort_key(*pair, parameters["sort"], currency))

    overall_row = {"users": overall.users, **figures(overall, currencies)}
    rank = 0
    for (row, city), p in zip(rows, adjusted([row["p_value"] for row, _ in rows])):
        row["p_value_adjusted"], row["verdict"], row["users_needed"] = p, None, None
        if city.name == "unknown":
            continue
        rank += 1
        row["rank"] = rank
        row["verdict"] = verdict(row, overall_row["conversion_percent"], parameters["margin"])
        c = overall.buyers / overall.users
        if row["verdict"] == "too_early_to_say" and 0 < c < 1:
            row["users_needed"] = math.ceil(7.848879734 * (1 - c) / (c * parameters["margin"] * parameters["margin"]))
    return {"total_users": overall.users, "notes": notes_of(scope), "overall": overall_row, "cities": [r for r, _ in rows]}


# --- Section 5: the trend -------------------------------------------------------------------------------------------

def conversion(name, buyers, users):
    low, high = wilson(buyers, users) if users else (None, None)
    return {f"{name}_percent": percent(buyers, users), f"{name}_low_percent": low, f"{name}_high_percent": high}


def utc_text(time):
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def trend_report(scope, zone_name):
    parameters, zone = scope.parameters, ZoneInfo(zone_name)
    reached = all_reached(scope)
    days = 1 if parameters["by"] == "day" else 7

    def micros(time):
        return int(time.timestamp()) * 1_000_000

    def bucket_of(t):
        day = datetime.fromtimestamp(t // 1_000_000, zone).date()
        return day if days == 1 else day - timedelta(days=day.weekday())

    def begin(day):
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    members = defaultdict(list)
    for person in scope.persons:
        members[bucket_of(min(e["t"] for e in scope.events[person]))].append(person)
    begin_us, end_us = parameters["from_us"], parameters["to_us"]
    buckets = []
    if members or (begin_us is not None and end_us is not None):
        day = min(members) if begin_us is None else bucket_of(begin_us)
        last = max(members) if end_us is None else bucket_of(end_us - 1)
        while day <= last:
            here, after = begin(day), begin(day + timedelta(days=days))
            persons = members[day]
            buyers = sum(scope.did(p, len(scope.stages) - 1) for p in persons)
            in_order = sum(p in reached[-1] for p in persons)
            buckets.append({
                "start": day.isoformat(), "from": utc_text(here), "to": utc_text(after),
                "complete": ((begin_us is None or micros(here) >= begin_us)
                             and (end_us is None or micros(after) <= end_us) and micros(after) <= scope.now),
                "users": len(persons), "buyers": buyers, **conversion("conversion", buyers, len(persons)),
                "buyers_in_order": in_order, **conversion("conversion_in_order", in_order, len(persons)),
                "users_inside_window": sum(can_still_reach_the_last_stage(scope, p, reached) for p in persons)})
            day += timedelta(days=days)
    return {"by": parameters["by"], "total_users": len(scope.persons), "buckets": buckets}


# --- The comparison -------------------------------------------------------------------------------------------------

def difference(expected, actual, path):
    """The first field that differs, or None. Whole numbers and texts exactly, doubles to 1e-9."""
    if isinstance(expected, float) and isinstance(actual, (int, float)) and not isinstance(actual, bool):
        return None if math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-12) else (path, expected, actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        if list(expected) != list(actual):
            return path + " keys", list(expected), list(actual)
        return next(filter(None, (difference(expected[k], actual[k], f"{path}.{k}") for k in expected)), None)
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return next(filter(None, (difference(e, a, f"{path}[{i}]")
                                  for i, (e, a) in enumerate(zip(expected, actual)))), None)
    return None if expected == actual and type(expected) is type(actual) else (path, expected, actual)


HEAD = ("journey", "from", "to", "timezone", "filters", "conversion_window_s", "generated_at")


FEATURES = ("ties", "reversals", "late events", "several cities", "a cut window", "a period", "several currencies",
            "a tested city", "an optional stage", "new users", "an open window", "several buckets", "a clock change")


def features(scope, case):
    """Which of the things that are hard to get right this case has."""
    found = set()
    everybody = scope.all_events.values()
    if any(len({e["t"] for e in es}) < len(es) for es in everybody):
        found.add("ties")
    if any(a["t"] < b["t"] and a["stage"] > b["stage"] for es in everybody for a in es for b in es):
        found.add("reversals")
    if any(a["t"] > b["t"] for es in everybody for a, b in zip(es, es[1:])):  # in the order of arrival
        found.add("late events")
    if any(len({e["city"] for e in es if known(e["city"])}) > 1 for es in everybody):
        found.add("several cities")
    if scope.parameters["window_us"] is not None:
        last = len(scope.stages) - 1
        if any(reached_in_order(scope, p, last, scope.parameters["window_us"]) != reached_in_order(scope, p, last, None)
               for p in scope.persons):
            found.add("a cut window")
    if any(not scope.in_period(e) for es in everybody for e in es):
        found.add("a period")
    if len({e["currency"] for e in case["events"]} - {None}) > 1:
        found.add("several currencies")
    if any(row["p_value"] is not None for row in case["cities"]["cities"]):
        found.add("a tested city")
    if any(s["optional"] for s in scope.stages):
        found.add("an optional stage")
    if scope.parameters["new_users"]:
        found.add("new users")
    if 0 < case["stages"]["users_inside_window"] < case["stages"]["total_users"]:
        found.add("an open window")
    if sum(b["users"] > 0 for b in case["trend"]["buckets"]) > 1:
        found.add("several buckets")
    if len({b["from"][11:] for b in case["trend"]["buckets"]}) > 1:
        found.add("a clock change")
    return found


def check(case):
    """What is wrong with the case, or None."""
    scope = Scope(case)
    for name, expected in (("stages", stages_report(scope)), ("cities", cities_report(scope, case["currency"])),
                           ("trend", trend_report(scope, case["zone"]))):
        actual = {k: v for k, v in case[name].items() if k not in HEAD}
        different = difference(expected, actual, name)
        if different:
            path, want, got = different
            return f"case {case['case']}: {path}: the model says {want!r}, Footfall {got!r}\n{json.dumps(case)}"
    return None


def check_range(program, seed, first, cases):
    """Checks the cases from `first` on. (how many agreed, how many had which feature, the first that differs)"""
    counts, agreed = Counter(), 0
    command = [program, "--cases", str(cases), "--first", str(first), "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        for line in running.stdout:
            case = json.loads(line)
            wrong = check(case)
            if wrong:
                running.kill()
                return agreed, counts, wrong
            counts.update(features(Scope(case), case))
            agreed += 1
    return agreed, counts, None if running.returncode == 0 else f"{program} failed"


def main():
    parser = argparse.ArgumentParser(description="Checks Footfall's reports against a model.")
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    workers = min(os.cpu_count() or 1, asked.cases)
    share = -(-asked.cases // workers)
    firsts = range(0, asked.cases, share)
    sizes = [min(share, asked.cases - first) for first in firsts]
    with ProcessPoolExecutor(workers) as pool:
        done = list(pool.map(check_range, [asked.program] * len(firsts), [asked.seed] * len(firsts), firsts, sizes))

    counts = sum((c for _, c, _ in done), Counter())
    agreed = sum(a for a, _, _ in done)
    print(f"{agreed:,} cases agree; of them had " + ", ".join(f"{k} {v:,}" for k, v in sorted(counts.items())))
    wrong = [w for _, _, w in done if w]
    if wrong:
        print(wrong[0])
        return 1
    rare = [k for k in FEATURES if counts[k] < agreed * 0.05]
    if rare:
        print("too rare to trust, each must be in 5 % of the cases:", ", ".join(rare))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
