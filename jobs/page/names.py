"""Display names of metrics in English and Chinese, and Chinese meanings of metrics and quarantine reasons.

English meanings are those of the declarations in `schemas/`.
"""

from __future__ import annotations

# A metric that is not listed is shown by its column name and declared meaning, so that a new one needs no entry.
METRIC_NAMES: dict[str, tuple[str, str, str]] = {
    "dau": ("Daily active users", "日活跃用户 DAU", "当日至少有一次有效事件的用户数。"),
    "wau": ("7-day active users", "7 日活跃用户 WAU", "截至当日的 7 天内至少活跃一天的用户数。"),
    "mau28": ("28-day active users", "28 日活跃用户 MAU28", "截至当日的 28 天内至少活跃一天的用户数。"),
    "mau30": ("30-day active users", "30 日活跃用户 MAU30", "截至当日的 30 天内至少活跃一天的用户数。"),
    "events": ("Events", "有效事件", "已知用户的有效事件数，不含曝光。"),
    "exposures": ("Exposures", "曝光", "展示给已知用户、不使用户活跃的事件数。"),
    "anonymous_events": ("Anonymous events", "匿名事件", "没有用户标识的事件数，不计入任何用户指标。"),
    "excluded_events": (
        "Excluded events",
        "剔除事件",
        "已声明的机器人与员工账号的事件数，不计入任何用户指标。",
    ),
    "new_to_platform": ("New users", "平台新用户", "首次在平台任一处活跃即为当日的用户数。"),
    "new_to_scope": ("New to the scope", "范围新用户", "首次在该范围活跃即为当日的用户数。"),
    "unique_only_here": ("Active only here", "仅在此活跃", "当日未在同类其他对象活跃的用户数。"),
    "user_days_28": ("User days of 28", "28 日活跃人天", "截至当日的 28 天 DAU 之和。"),
    "light": ("Light, 1–6 days", "轻度 1–6 天", "28 天内活跃 1 至 6 天的用户数。"),
    "medium": ("Medium, 7–13 days", "中度 7–13 天", "28 天内活跃 7 至 13 天的用户数。"),
    "regular": ("Regular, 14–20 days", "常规 14–20 天", "28 天内活跃 14 至 20 天的用户数。"),
    "core": ("Core, 21–28 days", "核心 21–28 天", "28 天内活跃 21 至 28 天的用户数。"),
    "events_per_active": ("Events per active user", "人均事件", "当日每位活跃用户的有效事件数。"),
    "stickiness": ("Stickiness, DAU ÷ MAU28", "黏性 DAU ÷ MAU28", "当日 DAU 除以同日 MAU28。"),
    "stickiness_avg": ("Mean stickiness of 28 days", "28 日平均黏性", "28 天 DAU 均值除以 MAU28。"),
    "users": ("Users", "用户数", "28 天内恰好活跃该天数的用户数。"),
    "cohort_size": ("Cohort", "批次人数", "该批次的用户数。"),
    "retained_so_far": (
        "Retained so far",
        "目前留存",
        "到目前为止在窗口内出现过的批次用户；窗口未关账前为下限。",
    ),
    "retained": ("Retained", "留存人数", "批次用户中在窗口内活跃的人数；窗口关账前为空。"),
    "rate": ("Retention rate", "留存率", "留存人数除以批次人数；窗口未关账或批次为空时为空。"),
    "orders": ("Orders", "支付订单", "当日支付的订单数。"),
    "buyers": ("Buyers", "支付买家", "当日至少支付一单的用户数。"),
    "gmv_paid": ("Paid GMV", "支付 GMV", "当日支付订单的金额。"),
    "refunds": ("Refunds", "退款", "当日退回的金额，不论订单何时支付。"),
    "net_cash": ("Net cash", "净收款", "同日支付金额减退款。"),
    "new_registered": ("New registrations", "新注册", "当日注册的用户数；数据源未提供时为空。"),
    "registered_users": ("Registered users", "累计注册", "截至当日末的注册用户数；数据源未提供时为空。"),
}

REASONS_ZH: dict[str, str] = {
    "unreadable_file": "文件无法完整读取，计为一条记录。",
    "blank_line": "空白行。",
    "not_utf8": "字节不符合声明的编码。",
    "malformed": "记录无法解析：JSON 损坏或引号未闭合。",
    "duplicate_key": "同一 JSON 对象内键重复。",
    "too_few_fields": "字段数少于表头。",
    "too_many_fields": "字段数多于表头。",
    "missing_required": "必填列为空。",
    "type_mismatch": "值的类型与契约不符。",
    "bad_time": "时间格式与声明不符。",
    "out_of_range": "数值超出契约的类型或范围。",
    "clock_skew": "事件时间晚于到达时间，超过允许的分钟数。",
}
