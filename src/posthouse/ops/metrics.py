"""`/metrics` in Prometheus' language: what base/metrics.py counted, and how things stand at this moment."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from posthouse.base import clock, db, metrics, sql
from posthouse.base.metrics import Numbers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Counted(Collector):
    def collect(self) -> Iterator[Metric]:
        for metric, numbers in metrics.totals():
            yield _histogram(metric, numbers) if metric.buckets else _counter(metric, numbers)


class _Standing(Collector):
    def collect(self) -> Iterator[Metric]:
        state = db.lane_state()
        yield _gauge("posthouse_lane_queued", "Calls that wait for the write lane.", state.queued)
        for name, table in (("outgoing", "delivery_recipient"), ("jobs", "base_job")):
            now_ms = clock.now_ms()
            row = sql.row(f"SELECT count(*), min(due_at) FROM {table} WHERE due_at <= %s", [now_ms]) or (
                0,
                None,
            )
            lag = 0 if row[1] is None else (now_ms - int(row[1])) / 1000
            yield _gauge(f"posthouse_{name}_due", "What is due and not yet taken.", row[0])
            yield _gauge(f"posthouse_{name}_lag_seconds", "For how long the first of it has been due.", lag)


def page() -> bytes:
    """All of it; reads the database, so run it in the pool."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counted())
    registry.register(_Standing())
    ProcessCollector(registry=registry)
    return bytes(generate_latest(registry))


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _counter(metric: metrics.Metric, numbers: Numbers) -> CounterMetricFamily:
    family = CounterMetricFamily(metric.name, metric.text, labels=metric.labels)
    for labels, (value,) in sorted(numbers.items()):
        family.add_metric(labels, value)
    return family


def _histogram(metric: metrics.Metric, numbers: Numbers) -> HistogramMetricFamily:
    family = HistogramMetricFamily(metric.name, metric.text, labels=metric.labels)
    for labels, found in sorted(numbers.items()):
        rows, total = [], 0.0
        for edge, count in zip((*metric.buckets, "+Inf"), found[:-1], strict=True):
            total += count
            rows.append((str(edge), total))
        family.add_metric(labels, rows, sum_value=found[-1])
    return family
