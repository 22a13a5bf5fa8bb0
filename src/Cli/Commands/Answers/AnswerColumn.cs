using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.Cli.Commands.Answers;

/// <summary>A column of a list that the REST API answers. What is not there is a dash, never a zero.</summary>
/// <param name="Head">In capitals.</param>
/// <param name="Value">Of an item.</param>
internal sealed record AnswerColumn(string Head, Func<JsonObject, JsonNode?> Value)
{
    /// <summary>For people; files have values as they are.</summary>
    public Func<JsonNode, string> Format { get; init; } = Plain;

    /// <summary>Stands right.</summary>
    public bool IsNumber { get; init; }

    public bool IsWide { get; init; }

    /// <summary>Not shown when no item has anything in it, and nothing, not a dash, where one has not.</summary>
    public bool IsRemark { get; init; }

    public static AnswerColumn Of(string head, string path) => new(head, item => At(item, path));

    /// <summary>Of money: two decimals, with more where it is less than a cent.</summary>
    public static AnswerColumn Money(string head, string path) => Of(head, path) with { IsNumber = true, Format = value => Amount((double)value) };

    public static AnswerColumn Money(string head, Func<JsonObject, double?> value) => new(head, item => value(item)) { IsNumber = true, Format = amount => Amount((double)amount) };

    /// <summary>From 0 to 1.</summary>
    public static AnswerColumn Percent(string head, Func<JsonObject, double?> value) => new(head, item => value(item)) { IsNumber = true, Format = part => Percent((double)part) };

    public static AnswerColumn Number(string head, string path) => Of(head, path) with { IsNumber = true };

    /// <summary>To the minute, in UTC.</summary>
    public static AnswerColumn Time(string head, string path) => Of(head, path) with
    {
        Format = value => DateTimeOffset.TryParse(Plain(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)
            : Plain(value),
    };

    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.'))
            node = node is JsonObject parent ? parent[part] : null;
        return node;
    }

    public static string Amount(double amount) => amount switch
    {
        > -0.00005 and < 0.00005 => "0.00",
        > -0.01 and < 0.01 => amount.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => amount.ToString("#,##0.00", CultureInfo.InvariantCulture),
    };

    public static string Percent(double part) => part.ToString("0 %", CultureInfo.InvariantCulture);

    public static string Plain(JsonNode value) => value switch
    {
        JsonArray list => string.Join(", ", list.OfType<JsonNode>().Select(Plain)),
        JsonObject map => string.Join(", ", map.Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={Plain(pair.Value!)}")),
        _ => value.ToString().ReplaceLineEndings(" "),
    };
}
