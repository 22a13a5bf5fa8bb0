namespace Fleet.Observability.Query.Prometheus;

internal enum PromTokenKind { Word, Number, Duration, Text, Symbol, End }

/// <param name="Value">A word, number, duration or symbol as it stands; of a text what it says, without quotes and escapes.</param>
/// <param name="At">The character at which it begins.</param>
internal readonly record struct PromToken(PromTokenKind Kind, string Value, int At)
{
    public bool Is(string symbol) => Kind == PromTokenKind.Symbol && Value == symbol;

    /// <summary>PromQL's keywords are known in any case.</summary>
    public bool IsWord(string keyword) => Kind == PromTokenKind.Word && Value.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind == PromTokenKind.End ? "the end" : Value.Length <= 40 ? $"'{Value}'" : $"'{Value[..40]}…'";
}
