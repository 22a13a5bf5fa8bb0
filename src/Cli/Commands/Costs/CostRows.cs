using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Output;
using Fleet.Cli.Views;

namespace Fleet.Cli.Commands.Costs;

/// <summary>The allocation table for people: dearest first, idle after the workloads, then the sum. A price that is missing is told, and what has none at all costs a dash, not zero.</summary>
internal static class CostRows
{
    private static readonly string[] Nobodys = ["__idle__", "__unmounted__", "__shared__", "__external__"];

    public static void Write(TextWriter output, JsonObject answer, JsonObject? before, string by, OutputFormat format)
    {
        var rows = Rows(answer);
        var earlier = before is null ? null : Rows(before).ToDictionary(Name, row => Cost(row, "totalCost"));
        // What is gone cost something then.
        foreach (var (name, _) in earlier?.Where(pair => rows.TrueForAll(row => Name(row) != pair.Key)).ToList() ?? [])
            rows.Add(new JsonObject { ["name"] = name, ["gone"] = true });
        var total = rows.Sum(row => Cost(row, "totalCost"));
        var sorted = rows.OrderBy(IsNobodys).ThenByDescending(row => Cost(row, "totalCost")).ThenBy(Name, StringComparer.Ordinal).ToList();
        if (format != OutputFormat.Csv)
        {
            if (rows.Count == 0)
            {
                Console.Error.WriteLine("No costs are known of this window: `fleet costs clusters` says how far they reach.");
                return;
            }
            if (rows.Select(row => row["window"]).OfType<JsonObject>().FirstOrDefault() is { } window)
                PageText.Line(output, "Window", $"{Minute(window["start"])} to {Minute(window["end"])} UTC");
            PageText.Line(output, "Currency", (string?)answer["currency"] ?? "unknown");
            output.WriteLine();
            sorted.Add(Sum(rows));
        }
        Table(by, total, earlier).Write(output, answer, sorted, format);
    }

    private static AnswerTable Table(string by, double total, Dictionary<string, double>? earlier) => new(
    [
        new(by.Split(':')[0].ToUpperInvariant() is var head && by.Contains(',', StringComparison.Ordinal) ? "NAME" : head, row => Shown(Name(row))),
        AnswerColumn.Money("TOTAL", row => IsUnpriced(row) ? null : Cost(row, "totalCost")),
        AnswerColumn.Percent("SHARE", row => total > 0 && !IsUnpriced(row) ? Cost(row, "totalCost") / total : null),
        .. earlier is null
            ? (AnswerColumn[])
            [
                AnswerColumn.Money("CPU", row => Priced(row, "cpu")), AnswerColumn.Money("RAM", row => Priced(row, "ram")), AnswerColumn.Money("GPU", row => Priced(row, "gpu")) with { IsWide = true },
                AnswerColumn.Money("DISKS", row => Priced(row, "pv")), AnswerColumn.Money("BALANCERS", row => Priced(row, "loadBalancer")) with { IsWide = true },
                AnswerColumn.Money("NETWORK", row => Priced(row, "network")) with { IsWide = true }, AnswerColumn.Money("SHARED", "sharedCost") with { IsWide = true },
                AnswerColumn.Money("IDLE", row => row.ContainsKey("gone") ? null : Cost(row, "cpuCostIdle") + Cost(row, "ramCostIdle") + Cost(row, "gpuCostIdle")) with { IsWide = true },
            ]
            :
            [
                AnswerColumn.Money("BEFORE", row => BeforeOf(row, earlier)), AnswerColumn.Money("CHANGE", row => Cost(row, "totalCost") - BeforeOf(row, earlier)),
                AnswerColumn.Percent("CHANGE %", row => BeforeOf(row, earlier) is > 0 and var then ? Cost(row, "totalCost") / then - 1 : null),
            ],
        AnswerColumn.Percent("EFF", row => IsNobodys(row) || row["totalEfficiency"] is null ? null : Cost(row, "totalEfficiency")),
        new("NOTE", row => row["missingPrices"] is JsonArray missing ? $"no price: {AnswerColumn.Plain(missing)}" : row.ContainsKey("gone") ? "gone" : null) { IsRemark = true },
    ], "");

    private static List<JsonObject> Rows(JsonObject answer) => answer["data"] is JsonArray { Count: > 0 } sets && sets[0] is JsonObject set ? [.. set.Select(pair => pair.Value).OfType<JsonObject>()] : [];

    /// <summary>Efficiency is weighted by what CPU and RAM cost, as OpenCost adds it up.</summary>
    private static JsonObject Sum(IReadOnlyList<JsonObject> rows)
    {
        var sum = new JsonObject { ["name"] = "TOTAL" };
        foreach (var field in (string[])
            ["totalCost", "cpuCost", "cpuCostAdjustment", "ramCost", "ramCostAdjustment", "gpuCost", "gpuCostAdjustment", "pvCost", "pvCostAdjustment", "loadBalancerCost", "loadBalancerCostAdjustment",
                "networkCost", "networkCostAdjustment", "sharedCost", "cpuCostIdle", "ramCostIdle", "gpuCostIdle"])
            sum[field] = rows.Sum(row => Cost(row, field));
        var workloads = rows.Where(row => !IsNobodys(row)).ToList();
        var weight = workloads.Sum(row => Cost(row, "cpuCost") + Cost(row, "ramCost"));
        if (weight > 0)
            sum["totalEfficiency"] = workloads.Sum(row => Cost(row, "totalEfficiency") * (Cost(row, "cpuCost") + Cost(row, "ramCost"))) / weight;
        if (rows.Any(row => row["missingPrices"] is not null))
            sum["missingPrices"] = new JsonArray([.. rows.SelectMany(row => row["missingPrices"] as JsonArray ?? []).OfType<JsonNode>().Select(price => (string)price!).Distinct().Select(price => JsonValue.Create(price))]);
        return sum;
    }

    private static double? BeforeOf(JsonObject row, Dictionary<string, double> earlier) =>
        Name(row) == "TOTAL" && row["window"] is null && !row.ContainsKey("gone") ? earlier.Values.Sum() : earlier.GetValueOrDefault(Name(row));

    private static double? Priced(JsonObject row, string part) => row.ContainsKey("gone") || (IsMissing(row, part) && Cost(row, $"{part}Cost") == 0) ? null : Cost(row, $"{part}Cost") + Cost(row, $"{part}CostAdjustment");

    private static bool IsMissing(JsonObject row, string part) =>
        row["missingPrices"] is JsonArray missing && missing.Any(price => string.Equals((string?)price, part == "pv" ? "volume" : part, StringComparison.OrdinalIgnoreCase));

    private static bool IsUnpriced(JsonObject row) => row["missingPrices"] is not null && Cost(row, "totalCost") == 0;

    private static bool IsNobodys(JsonObject row) => Array.Exists(Nobodys, name => Name(row).Split('/').Contains(name));

    private static string Shown(string name) => name.Replace("__idle__", "(idle)", StringComparison.Ordinal).Replace("__unmounted__", "(unmounted)", StringComparison.Ordinal)
        .Replace("__unallocated__", "(none)", StringComparison.Ordinal).Replace("__shared__", "(shared)", StringComparison.Ordinal).Replace("__external__", "(external)", StringComparison.Ordinal);

    private static string Name(JsonObject row) => (string?)row["name"] ?? "";

    private static double Cost(JsonObject row, string field) => (double?)row[field] ?? 0;

    private static string Minute(JsonNode? time) => (string?)time is { Length: >= 16 } text ? text[..16].Replace('T', ' ') : "?";
}
