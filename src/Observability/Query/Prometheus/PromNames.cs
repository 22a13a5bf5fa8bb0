using System.Collections.Frozen;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>The words that PromQL knows. A function that is not here is refused: <c>info</c>, for one, reads series that no selector names.</summary>
internal static class PromNames
{
    public static FrozenSet<string> Aggregations { get; } = Set(
        "sum avg min max count group stddev stdvar topk bottomk quantile count_values limitk limit_ratio");

    public static FrozenSet<string> Functions { get; } = Set(
        """
        abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes clamp clamp_max clamp_min cos cosh count_over_time day_of_month day_of_week day_of_year days_in_month deg delta
        deriv double_exponential_smoothing exp first_over_time floor histogram_avg histogram_count histogram_fraction histogram_quantile histogram_stddev histogram_stdvar histogram_sum holt_winters hour idelta
        increase irate label_join label_replace last_over_time ln log10 log2 mad_over_time max_over_time min_over_time minute month pi predict_linear present_over_time quantile_over_time rad rate resets round
        scalar sgn sin sinh sort sort_by_label sort_by_label_desc sort_desc sqrt stddev_over_time stdvar_over_time sum_over_time tan tanh time timestamp ts_of_first_over_time ts_of_last_over_time
        ts_of_max_over_time ts_of_min_over_time vector year
        """);

    /// <summary>Of PromQL and of MetricsQL: what a parser may take for a keyword is no name of a metric here; <c>{__name__="sum"}</c> says it without doubt.</summary>
    public static FrozenSet<string> Reserved { get; } = Set(
        "by without on ignoring group_left group_right offset bool and or unless atan2 start end inf nan with default if ifnot keep_metric_names limit prefix union step anchored smoothed fill fill_left fill_right range");

    private static FrozenSet<string> Set(string words) => words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
