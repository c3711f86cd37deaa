"""Phrases of the messages, in both languages of the site; short, because a phone shows the first line only."""

from collections.abc import Mapping
from dataclasses import dataclass

from detectors.domain.event import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language. In braces stands what is filled in."""

    levels: Mapping[Level, str]
    over: str
    head: str  # the subject line
    reading: str
    above: str
    below: str
    will_rise: str
    will_fall: str
    foreseen: str
    worsened: str  # with the first facts that decided
    back: str
    silent: str
    heard: str
    instrument: str
    tests: Mapping[str, str]  # names of QARTOD tests
    person: str
    gone: str
    past: str  # a violation
    where: str
    cell: str
    since: str
    lasted: str
    source: str
    facts: Mapping[str, str]  # what decided, as far as a phone says it: by name, or by name and value
    decided: str
    apart: str  # between facts
    listed: str  # between the names in one
    joint: str
    answer: str
    look: str
    minutes: str
    hours: str


ZH = Phrases(
    levels={Level.NOTICE: "提示", Level.WARNING: "预警", Level.ALARM: "报警"},
    over="解除",
    head="【{level}】{station}：{what}",
    reading="{quantity} {value}",
    above="{quantity} {value}，高于限值 {limit}",
    below="{quantity} {value}，低于限值 {limit}",
    will_rise="{quantity} {value}，预计将升至 {limit} 以上",
    will_fall="{quantity} {value}，预计将降至 {limit} 以下",
    foreseen="{quantity} 的预见提示结束",
    worsened="水质进一步恶化：{now}",
    back="{quantity} 已恢复，现为 {value}",
    silent="没有数据：{quantity}",
    heard="数据恢复：{quantity}",
    instrument="仪器异常：{quantity} {test}",
    tests={
        "gross_range": "超出量程",
        "spike": "尖峰",
        "rate_of_change": "变化过快",
        "flat_line": "数值不变",
        "mark": "设备自报故障",
        "location": "位置异常",
        "climatology": "远超时令范围",
        "attenuated_signal": "信号衰减",
        "drift": "漂移",
        "stuck_at_limit": "停在量程端点",
        "pattern_loss": "昼夜规律消失",
        "unlikely": "读数反常",
    },
    person="禁入区有人（{value}）",
    gone="禁入区已无人",
    past="{quantity}：已结束",
    where="地点：{place}",
    cell="网格：{cell}",
    since="开始：{at}（{zone}）",
    lasted="结束：{at}，持续 {span}",
    source="依据：{source}",
    facts={
        "factor": "因子 {value}",
        "class": "类别 {value}",
        "class.worse than V": "类别 劣V",
        "target": "目标 {value}",
        "multiple": "超标 {value} 倍",
        "trend.rising": "仍在上升",
        "trend.falling": "正在下降",
        "evidence.two_related_quantities": "相关指标同时异常",
        "evidence.neighbour": "相邻站点同样超限",
        "evidence.alone": "仅本指标异常",
        "evidence.forecast": "根据近日规律预测",
        "doubted.unlikely": "读数反常，但有佐证",
        "related": "{value}",
        "expected_at": "预计 {value}",
        "earliest_at": "最早 {value}",
        "latest_at": "最迟 {value}",
        "expected": "最甚时约 {value}",
        "probability": "概率 {value}",
    },
    decided="要点：{facts}",
    apart="；",
    listed="、",
    joint="与上游事件为同一起",
    answer="点此确认：{link}",
    look="查看：{link}",
    minutes="{n} 分钟",
    hours="{n} 小时",
)

EN = Phrases(
    levels={Level.NOTICE: "Notice", Level.WARNING: "Warning", Level.ALARM: "Alarm"},
    over="Over",
    head="[{level}] {station}: {what}",
    reading="{quantity} {value}",
    above="{quantity} {value}, above the limit of {limit}",
    below="{quantity} {value}, below the limit of {limit}",
    will_rise="{quantity} {value}, expected to rise above {limit}",
    will_fall="{quantity} {value}, expected to fall below {limit}",
    foreseen="the early warning on {quantity} is over",
    worsened="it has become worse: {now}",
    back="{quantity} is back, now {value}",
    silent="no data: {quantity}",
    heard="data again: {quantity}",
    instrument="instrument fault: {quantity} {test}",
    tests={
        "gross_range": "is out of the probe's range",
        "spike": "has a spike",
        "rate_of_change": "changes too fast",
        "flat_line": "does not change",
        "mark": "is marked faulty by the device",
        "location": "is out of place",
        "climatology": "is far from what the season knows",
        "attenuated_signal": "hardly moves any more",
        "drift": "drifts",
        "stuck_at_limit": "is stuck at the end of its range",
        "pattern_loss": "swings with the day no longer",
        "unlikely": "says what is not usual",
    },
    person="somebody in the closed zone ({value})",
    gone="nobody in the closed zone any more",
    past="{quantity}: over",
    where="Where: {place}",
    cell="Grid cell: {cell}",
    since="Since: {at} ({zone})",
    lasted="Ended: {at}, after {span}",
    source="Source: {source}",
    facts={
        "factor": "factor {value}",
        "class": "class {value}",
        "class.worse than V": "worse than class V",
        "target": "target {value}",
        "multiple": "exceeded by {value} times",
        "trend.rising": "still rising",
        "trend.falling": "falling",
        "evidence.two_related_quantities": "related quantities moved with it",
        "evidence.neighbour": "a neighbour is beyond its limit too",
        "evidence.alone": "this quantity alone",
        "evidence.forecast": "foreseen from its own past days",
        "doubted.unlikely": "not usual here, but borne out",
        "related": "{value}",
        "expected_at": "expected {value}",
        "earliest_at": "at the earliest {value}",
        "latest_at": "at the latest {value}",
        "expected": "about {value} at its worst",
        "probability": "probability {value}",
    },
    decided="Facts: {facts}",
    apart="; ",
    listed=", ",
    joint="It belongs to an event that began upstream",
    answer="Acknowledge: {link}",
    look="Look: {link}",
    minutes="{n} min",
    hours="{n} h",
)

PHRASES = {"zh": ZH, "en": EN}
