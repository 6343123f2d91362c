"""What the product promises, line by line, and what makes each line real today.

`by` names columns as `layer.table.column` and commands as `activelake COMMAND`; every one of them is seen to exist, and
to hold values on the demo shop. `missing` says what of the line is still to come. A line with nothing in `by` is not
there yet; a line with nothing missing is done.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of the promise, in the words of the product's mission."""

    section: str
    item: str
    by: tuple[str, ...]
    missing: str

    @property
    def state(self) -> str:
        """done, in part, or not yet."""
        if not self.by:
            return "not yet"
        return "in part" if self.missing else "done"


def _lines(section: str, *lines: tuple[str, str, str]) -> tuple[Line, ...]:
    """Lines as (item, what makes it real, what is missing); short names are those of reports."""
    return tuple(Line(section, item, tuple(_full(by)), missing) for item, by, missing in lines)


def _full(by: str) -> list[str]:
    names = [name.strip() for name in by.split(",") if name.strip()]
    return [n if n.startswith("activelake ") or n.count(".") == 2 else f"reports.{n}" for n in names]


_CUT = "activity_daily.dau, activity_daily.stickiness_avg, engagement.users, retention.rate"
_CUT_MISSING = "funnel, lifecycle, value and effect"
_CATALOGUE = "dim_scope.owner, dim_scope.class, dim_scope.valid_from, freshness.closed_through"

PROMISE: tuple[Line, ...] = (
    *_lines(
        "1 业务价值",
        ("用户价值·体验提升", "", "service quality: response and resolution time, CSAT, reopen rate"),
        ("用户价值·价值增长", "", "lifetime value, stage upgrades"),
        ("用户价值·黏性增强", "activity_daily.stickiness, activity_daily.stickiness_avg, engagement.users", ""),
        ("平台价值·活跃提升", "activity_daily.dau, activity_daily.wau, activity_daily.mau28", "lifecycle net, quick ratio"),
        ("平台价值·转化提升", "", "funnel from active to paid"),
        ("平台价值·收益提升", "orders_daily.gmv_paid, orders_daily.net_cash", "arpu, arppu"),
        ("商家价值·流量增加", "", "merchant visits and traffic share"),
        ("商家价值·转化提升", "", "merchant funnel"),
        ("商家价值·收益提高", "", "merchant net GMV, repurchase, refund rate"),
    ),
    *_lines(
        "2 原则",
        ("科学性 数据驱动", "ops.metric_definition.definition_hash, ops.publication.run_id, ops.quality_result.is_success",
         "effect tiers"),
        ("持续性 长期增长", "retention.rate", "pairs of short and long metrics, pull-forward check"),
        ("价值性 价值导向", "", "scale and value side by side, warning when they part"),
        ("可复制", "ops.publication.digest, activelake digest, activelake backfill, activelake replay", "strategy templates and their replication"),
    ),
    *_lines(
        "3 架构",
        ("A 提升体系", "overview.dau, overview.mau28, overview.stickiness_avg", ""),
        ("B 场景提升", _CUT, _CUT_MISSING),
        ("B1 购物场景", "dim_scope.class, clean.events.event_type", "shop funnel"),
        ("B2 社交场景", "dim_scope.class, clean.events.event_type", "invite funnel, invites per active"),
        ("B3 内容场景", "dim_scope.class, clean.events.event_type", "content to product funnel"),
        ("C 工具提升", _CUT, _CUT_MISSING),
        ("C1 工具激活", "", "activation rate, time from touch to first use"),
        ("C2 工具使用", "activity_daily.dau, activity_daily.events, activity_daily.events_per_active", "L7, depth of use"),
        ("C3 工具留存", "retention.rate, retention.cohort_kind, retention.retention_window", ""),
        ("D 服务提升", _CUT, _CUT_MISSING),
        ("D1 服务体验", "", "waiting and handling time, self-service share, abandonment"),
        ("D2 服务质量", "", "SLA met, first-contact resolution, reopen and error rate"),
        ("D3 服务满意", "", "CSAT and NPS with response rate"),
    ),
    *_lines(
        "4 时序",
        ("参与者 U、S、T、R", "clean.events.user_id, clean.events.scene_id, clean.events.tool_id, clean.events.service_id,"
         " clean.events.touch_id", ""),
        ("U→S 场景触达", "activity_daily.exposures, clean.events.is_exposure", "reach: touched of eligible users"),
        ("S→T 工具激活", "", "first tool event within 7 days of the touch"),
        ("T→R 服务体验", "", "completed service event"),
        ("R→U 持续活跃", "", "active again on two days of the week after"),
    ),
    *_lines(
        "5 功能模块",
        ("场景设计", f"{_CATALOGUE}, activelake config check", "history of changes, catalogue from MySQL"),
        ("场景优化", "", "strategies and their changes"),
        ("场景分析", f"{_CUT}, activity_daily.unique_only_here", "funnel, overlap of pairs"),
        ("场景效果", "", "effect estimates"),
        ("工具设计 / 优化 / 分析 / 效果", f"{_CATALOGUE}, {_CUT}", "strategies, activation, effect"),
        ("服务设计 / 优化 / 分析 / 效果", f"{_CATALOGUE}, {_CUT}", "strategies, service quality, effect"),
        ("工具支持·场景工具", "", "users and conversion of each scene and tool"),
        ("工具支持·工具支持", "activelake members discover, activity_daily.events", "event coverage per tool"),
        ("工具支持·服务工具", "", "service cases per use of a tool"),
        ("工具支持·分析工具", "activelake show, activelake sql, activelake describe, ops.metric_definition.expression", "saved parameter sets"),
    ),
    *_lines(
        "6 示例",
        ("购物场景 活跃提升 → 效果好", "", "effect on exposed shoppers"),
        ("工具激活 使用提升 → 效率高", "", "activation rate, cost per activated user"),
        ("服务体验 体验提升 → 满意度高", "", "CSAT change with its interval"),
        ("效果分析 效果评估 → 准确性强", "activelake digest, ops.publication.digest", "intervals, SRM, placebo, restatement size"),
    ),
    *_lines(
        "7 提升闭环",
        ("策略制定", "", "strategies with hypothesis, target and tier"),
        ("场景/工具/服务提升", "", "launches with dates, scope and exposure"),
        ("效果分析", "", "daily effect"),
        ("持续优化", "", "decisions and target attainment"),
    ),
    *_lines(
        "8 页面",
        ("场景中心·概况", "overview.dau, overview.scope_type", ""),
        ("场景中心·管理", _CATALOGUE, "status of each scene"),
        ("场景中心·工具", "", "scene and tool matrix"),
        ("场景中心·分析", _CUT, _CUT_MISSING),
        ("工具中心·概况", "overview.dau, overview.scope_type", ""),
        ("工具中心·管理", _CATALOGUE, "status of each tool"),
        ("工具中心·支持", "", "tool and service matrix, event coverage"),
        ("工具中心·分析", _CUT, _CUT_MISSING),
        ("服务中心·概况", "overview.dau, overview.scope_type", ""),
        ("服务中心·管理", _CATALOGUE, "status of each service"),
        ("服务中心·工具", "", "channel and tool per case"),
        ("服务中心·分析", _CUT, _CUT_MISSING),
        ("分析中心·概况", "overview.dau, overview.is_complete, freshness.closed_through", ""),
        ("分析中心·管理", "ops.metric_definition.meaning, activelake describe, ops.run.exit_code, ops.quality_result.is_success", ""),
        ("分析中心·工具", "", "saved funnels and brackets"),
        ("分析中心·报告", "activelake page, activelake status", "daily and weekly report, restatement digest"),
    ),
    *_lines(
        "9 核心指标",
        ("规模", "activity_daily.dau, activity_daily.wau, activity_daily.mau28, activity_daily.new_to_scope",
         "targets, lifecycle bridge"),
        ("效率", "activity_daily.stickiness_avg", "participation, activation, step rates, targets"),
        ("质量", "retention.rate, retention.retained", "resurrected share, CSAT, targets"),
        ("价值", "orders_daily.net_cash", "arpu, lifetime value, stages, targets"),
    ),
    *_lines(
        "10 效果分析",
        ("活跃规模", "activity_daily.dau, activity_daily.wau, activity_daily.mau28", ""),
        ("使用规模", "activity_daily.dau, activity_daily.events", ""),
        ("转化规模", "", "converted users and orders"),
        ("留存规模", "retention.retained, retention.cohort_size", ""),
        ("场景效果 / 工具效果 / 服务效果", "", "effect by scope type"),
        ("活跃效果", "", "effect on participation, L28 and D7"),
        ("用户价值", "", "lifetime value, stage"),
        ("场景价值", "activity_daily.unique_only_here", "GMV by entry scene"),
        ("平台价值", "orders_daily.net_cash", "arpu, quick ratio"),
        ("生态价值", "", "active merchants, users of several scene classes"),
    ),
    *_lines(
        "11 技术",
        ("A 接入层", "activelake ingest, ops.ingested_file.content_hash, ops.ingest_balance.records, clean.quarantine.reason,"
         " activelake quarantine list, activelake quarantine requeue",
         "MySQL snapshots and change logs"),
        ("B 业务层 B1/B2/B3", "activelake compute, facts.user_scope_day.events", ""),
        ("C1 用户服务", "clean.users.valid_from, facts.user_scope_day.first_date", "identities"),
        ("C2 订单服务", "clean.order_lines.amount, clean.refunds.amount, orders_daily.gmv_paid", ""),
        ("C3 活动服务", "clean.events.event_id, clean.events.is_exposure", "strategies, assignment logs"),
        ("D1 MySQL 主从", "", "source and sink"),
        ("D2 Redis", "", "sink of the newest overview"),
        ("D3 Elasticsearch", "", "sink of catalogue and user stages"),
        ("实时计算 Spark", "", "micro-batches into the same tables"),
        ("离线分析 Hadoop", "activelake run", ""),
    ),
    *_lines(
        "12 案例",
        ("淘宝 规模大", "facts.user_scope_day.history_bits", "published curve of rows and seconds"),
        ("淘宝 场景多", "activity_daily.scope_id, clean.members.is_declared", "cardinality guard, bucket for the rest"),
        ("淘宝 效果好 / 场景优化 / 工具提升 / 服务优化", "", "effect of many strategies with false-discovery control"),
        ("淘宝 价值高", "", "AIPL and FAST stages, lifetime value"),
        ("京东 科学性 准确性高", "ops.quality_result.is_success, ops.publication.digest", "published error"),
        ("京东 效率性 智能工具", "activelake run", "anomaly alerts, cost of a plan"),
        ("京东 价值性 价值运营", "", "4A view, value segments"),
        ("京东 可持续 长期机制", "activelake maintain, ops.metric_definition.definition_hash", "restatement ledger, life of definitions"),
    ),
)  # fmt: skip
