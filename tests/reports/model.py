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
from itertools import combinations
from zoneinfo import ZoneInfo

Z = 1.959963984540054
TEN_THOUSANDTHS = 10_000
QUARTER_HOUR_US = 15 * 60 * 1_000_000


# --- Section 2: who is in scope -------------------------------------------------------------------------------------

def person_of(event):
    return ("user", event["user_id"]) if event["user_id"] else ("anonymous", event["anonymous_id"])


def known(value):
    return value not in (None, "", "unknown")


class Scope:
    """The journey events by person, and which persons and events are in scope."""

    def __init__(self, case):
        self.parameters = case["parameters"]
        self.now = case["now_us"] - case["now_us"] % QUARTER_HOUR_US
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
    @classmethod
    def together(cls, cities):
        sum_of = cls.__new__(cls)
        sum_of.name = None
        sum_of.users, sum_of.buyers, sum_of.orders = (sum(getattr(c, n) for c in cities)
                                                      for n in ("users", "buyers", "orders"))
        sum_of.stage_users = [sum(column) for column in zip(*(c.stage_users for c in cities))]
        sum_of.revenue = sum((Counter(c.revenue) for c in cities), Counter())
        return sum_of

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


def rates(users, in_order, required):
    """Of those who came as far, who went on, step by step; None where nobody came as far."""
    found, before = [], users
    for i in required:
        found.append(None if before == 0 else Fraction(in_order[i], before))
        before = in_order[i]
    return found


def shapley(here, there):
    """By the definition: the mean over all orders, that is over the sets of factors that are changed before."""
    k, parts = len(here), []
    for i in range(k):
        part, rest = Fraction(0), [j for j in range(k) if j != i]
        for size in range(k):
            weight = Fraction(math.factorial(size) * math.factorial(k - size - 1), math.factorial(k))
            for chosen in combinations(rest, size):
                part += weight * math.prod(here[j] if j in chosen else there[j] for j in rest)
        parts.append(100 * (here[i] - there[i]) * part)
    return parts


def gap(scope, city, overall):
    others = overall.users - city.users
    if others == 0:
        return None
    required = [i for i, s in enumerate(scope.stages) if not s["optional"]]
    others_in_order = [a - c for a, c in zip(overall.in_order, city.in_order)]
    here, there = [], []
    for h, t in zip(rates(city.users, city.in_order, required), rates(others, others_in_order, required)):
        only = 1 if h is None and t is None else t if h is None else h
        here.append(only if h is None else h)
        there.append(only if t is None else t)
    parts = shapley(here, there)
    other_order = 100 * (Fraction(city.buyers - city.in_order[-1], city.users)
                         - Fraction(overall.buyers - city.buyers - others_in_order[-1], others))
    whole = sum(parts) + other_order
    assert whole == 100 * (Fraction(city.buyers, city.users) - Fraction(overall.buyers - city.buyers, others))
    names = [None] + [scope.stages[i]["name"] for i in required]
    return {"elsewhere_percent": percent(overall.buyers - city.buyers, others), "points": float(whole),
            "steps": [{"from": a, "to": b, "points": float(p)} for a, b, p in zip(names, names[1:], parts)],
            "other_order_points": float(other_order)}


def shrinkage(cities):
    """(mean, correlation) of the known cities, in the order of their names' bytes; None when there are none."""
    known_ones = sorted((c for c in cities if c.name != "unknown"), key=lambda c: c.name.encode())
    if not known_ones:
        return None
    users, buyers = sum(c.users for c in known_ones), sum(c.buyers for c in known_ones)
    mean, spread, weight = buyers / users, 0.0, 0.0
    for city in known_ones:
        off = city.buyers / city.users - mean
        spread += city.users * off * off
        weight += (1 - city.users / users) * (city.users - 1)
    if buyers in (0, users) or weight == 0:
        return mean, 0.0
    return mean, min(1.0, max(0.0, (spread / (mean * (1 - mean)) - (len(known_ones) - 1)) / weight))


def shrunken_percent(city, found):
    mean, correlation = found
    own = city.users * correlation
    weight = own / (own + (1 - correlation))
    return 100.0 * (weight * (city.buyers / city.users) + (1 - weight) * mean)


def shrinkage_row(found, cities):
    mean, correlation = found or (None, None)
    return {"cities": cities, "mean_percent": None if found is None else 100.0 * mean, "correlation": correlation,
            "prior_users": None if not correlation else (1 - correlation) / correlation}


def page_of(rows, scope, page, overall, currencies):
    """Which rows are listed, the others as one, and how many cities match."""
    wanted, listed, others, place = page["search"].casefold(), [], [], 0
    for row, city in rows:
        matches = (city.name != "unknown" and wanted in city.name.casefold() and page["name"] in ("", city.name) and
                   (not page["verdicts"] or row["verdict"] in page["verdicts"]))
        on_page = matches and place >= page["offset"] and (page["top"] is None or place < page["offset"] + page["top"])
        place += matches
        (listed if on_page or city.name == "unknown" else others).append((row, city))
    if not others:
        return listed, None, place
    together = City.together([city for _, city in others])
    return listed, {"cities": len(others), "users": together.users,
                    "share_of_users_percent": percent(together.users, overall.users),
                    "stage_percent": {s["name"]: percent(together.stage_users[i], together.users)
                                      for i, s in enumerate(scope.stages)}, **figures(together, currencies)}, place


def counted_cities(scope, currency):
    """Each city's City, that of all, and the currencies."""
    reached = all_reached(scope)
    by_city = defaultdict(list)
    for person in scope.persons:
        by_city[scope.attribute(person, "city")].append(person)
    overall = City(scope, "overall", scope.persons, reached, currency)
    currencies = sorted(overall.revenue, key=str.encode) or [currency]
    return [City(scope, name, persons, reached, currency) for name, persons in by_city.items()], overall, currencies


def city_row(scope, city, overall, currencies):
    row = {"rank": None, "city": city.name, "users": city.users,
           "share_of_users_percent": percent(city.users, overall.users),
           "stage_percent": {s["name"]: percent(city.stage_users[i], city.users) for i, s in enumerate(scope.stages)}}
    row.update(figures(city, currencies))
    row["weakest_step"] = weakest_step(scope, city, overall)
    others = overall.users - city.users
    tested = city.name != "unknown" and city.users >= 30 and others > 0
    row["p_value"] = p_value(city.buyers, city.users, overall.buyers - city.buyers, others) if tested else None
    return row


VERDICTS = ("better", "worse", "no_clear_difference", "too_early_to_say")


def users_needed(overall, margin):
    c = overall.buyers / overall.users if overall.users else 0
    return math.ceil(7.848879734 * (1 - c) / (c * margin * margin)) if 0 < c < 1 else None


def judge(row, rank, overall, overall_percent, margin):
    row["rank"] = rank
    row["verdict"] = verdict(row, overall_percent, margin)
    if row["verdict"] == "too_early_to_say":
        row["users_needed"] = users_needed(overall, margin)


def cities_report(scope, currency, page, other):
    parameters = scope.parameters
    cities, overall, currencies = counted_cities(scope, currency)
    found = shrinkage(cities)
    rows = [(city_row(scope, city, overall, currencies), city) for city in cities]
    rows.sort(key=lambda pair: sort_key(*pair, parameters["sort"], currency))
    overall_row = {"users": overall.users, **figures(overall, currencies)}
    rank = 0
    for (row, city), p in zip(rows, adjusted([row["p_value"] for row, _ in rows])):
        row["p_value_adjusted"], row["verdict"], row["users_needed"] = p, None, None
        if city.name != "unknown":
            rank += 1
            judge(row, rank, overall, overall_row["conversion_percent"], parameters["margin"])
        row["conversion_shrunken_percent"] = None if city.name == "unknown" else shrunken_percent(city, found)
        row["gap"] = gap(scope, city, overall)
    comparison = {} if other is None else {"comparison": compared_cities(rows, overall, other, currency)}
    listed, others, matching = page_of(rows, scope, page, overall, currencies)
    verdicts = [row["verdict"] for row, _ in rows]
    return {"total_users": overall.users, "notes": notes_of(scope), "overall": overall_row,
            "currency": currencies[0] if len(currencies) == 1 else None,
            "verdicts": {name: verdicts.count(name) for name in VERDICTS},
            "users_needed": users_needed(overall, parameters["margin"]),
            "shrinkage": shrinkage_row(found, rank), "total_cities": rank, "matching_cities": matching,
            "cities": [r for r, _ in listed], "others": others, **comparison}


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


# --- Section 6: comparisons -----------------------------------------------------------------------------------------

def other_side(case):
    """(with whom, parameters) of the other side, or None."""
    asked, parameters = case["compare"], dict(case["parameters"])
    if not asked:
        return None
    if asked.get("compare") == "previous":
        length = parameters["to_us"] - parameters["from_us"]
        parameters["from_us"], parameters["to_us"] = parameters["from_us"] - length, parameters["from_us"]
        return "previous", parameters
    if asked.get("compare") == "others":
        parameters[next(n for n in ("city", "device", "channel") if parameters[n] is not None)] = None
        return "others", parameters
    if "compare_from" in asked:
        parameters["from_us"] = round(datetime.fromisoformat(asked["compare_from"]).timestamp() * 1_000_000)
        parameters["to_us"] = None
    for name in ("city", "device", "channel"):
        parameters[name] = asked.get("compare_" + name, parameters[name])
    return "asked", parameters


def time_text(us):
    if us is None:
        return None
    text = datetime.fromtimestamp(us // 1_000_000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{us % 1_000_000:06}".rstrip("0") if us % 1_000_000 else "") + "Z"


def compared_side(with_whom, other_scope):
    p = other_scope.parameters
    return {"with": with_whom, "from": time_text(p["from_us"]), "to": time_text(p["to_us"]),
            "filters": {n: p[n] for n in ("new_users", "city", "device", "channel")}}


def taken_away(everybody, group):
    """The stages report of everybody but the group."""
    total = before = everybody["total_users"] - group["total_users"]
    rows = []
    for a, g in zip(everybody["stages"], group["stages"]):
        users, furthest, in_order = (a[k] - g[k] for k in ("users", "furthest_users", "users_in_order"))
        step = percent(in_order, before)
        rows.append({"stage": a["stage"], "position": a["position"], "optional": a["optional"], "users": users,
                     "percent_of_users": percent(users, total), "furthest_users": furthest,
                     "furthest_percent": percent(furthest, total), "users_in_order": in_order,
                     "percent_in_order": percent(in_order, total), "step_conversion_percent": step,
                     "drop_off_percent": None if a["optional"] or step is None else 100.0 - step,
                     "median_seconds_from_previous": None, "p90_seconds_from_previous": None})
        before = before if a["optional"] else in_order
    return {**{k: everybody[k] - group[k] for k in ("total_users", "total_events", "users_inside_window")}, "stages": rows}


def worst(candidates):
    """Of (difference, clear, thing): the clear ones before the others, then by the difference, then the first."""
    below = [c for c in candidates if c[0] is not None and c[0] < 0]
    return min(below, key=lambda c: (not c[1], c[0]), default=None)


def clear(adjusted_p):
    return adjusted_p is not None and adjusted_p < 0.05


def compared_stages(here, with_whom, other_scope):
    there = stages_report(other_scope)
    if with_whom == "others":
        there = taken_away(there, here)
    required = [i for i, s in enumerate(here["stages"]) if not s["optional"]]
    steps = []
    for a, b in zip(required, required[1:]):
        n1, x1, n2, x2 = (side["stages"][i]["users_in_order"] for side in (here, there) for i in (a, b))
        mine, theirs = percent(x1, n1), percent(x2, n2)
        both = mine is not None and theirs is not None
        steps.append({"from": here["stages"][a]["stage"], "to": here["stages"][b]["stage"], "percent": mine,
                      "other_percent": theirs, "difference_points": mine - theirs if both else None,
                      "p_value": p_value(x1, n1, x2, n2) if both else None})
    for step, p in zip(steps, adjusted([s["p_value"] for s in steps])):
        step["p_value_adjusted"] = p
    found = worst([(s["difference_points"], clear(s["p_value_adjusted"]), s) for s in steps])
    return {**compared_side(with_whom, other_scope),
            **{k: there[k] for k in ("total_users", "total_events", "users_inside_window")},
            "worst_step": found and found[2], "worst_is_clear": bool(found and found[1]), "stages": there["stages"],
            "steps": steps}


def compared_figures(city, there, currencies, tested):
    mine, theirs = percent(city.buyers, city.users), percent(there.buyers, there.users)
    tested = tested and city.users >= 30 and there.users >= 30
    return {"users": there.users, **figures(there, currencies),
            "difference_points": None if mine is None or theirs is None else mine - theirs,
            "p_value": p_value(city.buyers, city.users, there.buyers, there.users) if tested else None}


def compared_cities(rows, overall, other, currency):
    with_whom, other_scope = other
    cities, other_overall, currencies = counted_cities(other_scope, currency)
    by_name = {c.name: c for c in cities}
    for row, city in rows:
        there = by_name.get(city.name)
        row["compared"] = there and compared_figures(city, there, currencies, city.name != "unknown")
    some = [row["compared"] for row, _ in rows if row["compared"]]
    for compared, p in zip(some, adjusted([c["p_value"] for c in some])):
        compared["p_value_adjusted"] = p
    found = worst([(row["compared"]["difference_points"], clear(row["compared"]["p_value_adjusted"]), city.name)
                   for row, city in rows if row["compared"] and city.name != "unknown"])
    return {**compared_side(with_whom, other_scope), "total_users": other_overall.users,
            "overall": compared_figures(overall, other_overall, currencies, True),
            "worst_city": found and found[2], "worst_is_clear": bool(found and found[1])}


# --- The model against Footfall ---------------------------------------------------------------------------------------

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
            "a tested city", "an optional stage", "new users", "an open window", "several buckets", "a clock change",
            "a comparison", "cities not listed")


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
    if case["compare"]:
        found.add("a comparison")
    if case["cities"]["others"]:
        found.add("cities not listed")
    if 0 < case["stages"]["users_inside_window"] < case["stages"]["total_users"]:
        found.add("an open window")
    if sum(b["users"] > 0 for b in case["trend"]["buckets"]) > 1:
        found.add("several buckets")
    if len({b["from"][11:] for b in case["trend"]["buckets"]}) > 1:
        found.add("a clock change")
    return found


def with_numbers_only(report):
    """Without what the model does not say: the head, and the comparison in words."""
    found = {k: v for k, v in report.items() if k not in HEAD}
    if "comparison" in found:
        found["comparison"] = {k: v for k, v in found["comparison"].items() if k not in ("label", "headline")}
    return found


def reports(scope, case):
    stages, asked = stages_report(scope), other_side(case)
    other = asked and (asked[0], Scope(dict(case, parameters=asked[1])))
    if other:
        stages["comparison"] = compared_stages(stages, *other)
    cities = cities_report(scope, case["currency"], case["page"], other if other and other[0] != "others" else None)
    return ("stages", stages), ("cities", cities), ("trend", trend_report(scope, case["zone"]))


def check(case):
    """What is wrong with the case, or None."""
    scope = Scope(case)
    for name, expected in reports(scope, case):
        actual = with_numbers_only(case[name])
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
