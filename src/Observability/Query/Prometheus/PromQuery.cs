using System.Text;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>
/// Reads PromQL by its grammar and writes it anew, token by token, with the tenant's matchers in every selector. What is written holds no comment, no quote but the double one and no escape that could
/// be read in two ways, so that the store sees what was seen here. What does not fit the grammar is refused.
/// </summary>
internal sealed class PromQuery
{
    private const int LongestQuery = 16 * 1024, MostSelectors = 64, Deepest = 100;

    private readonly List<PromToken> tokens;
    private readonly TenantMatchers tenant;
    private readonly PromLimits limits;
    private readonly StringBuilder written = new();
    private int next;
    private int depth;
    private int selectors;

    private PromQuery(string query, TenantMatchers tenant, PromLimits limits)
    {
        if (query.Length > LongestQuery)
            throw new PromQueryException($"a query may have {LongestQuery} characters");
        (tokens, this.tenant, this.limits) = (PromLexer.Tokens(query), tenant, limits);
    }

    private PromToken Current => tokens[next];

    /// <summary>An expression.</summary>
    /// <exception cref="PromQueryException">It is none, or more than a query may be.</exception>
    public static string Expression(string query, TenantMatchers tenant, PromLimits limits)
    {
        var read = new PromQuery(query, tenant, limits);
        read.Binary();
        return read.Done();
    }

    /// <summary>One selector and nothing else, as in <c>match[]</c>.</summary>
    /// <exception cref="PromQueryException">It is none.</exception>
    public static string Selector(string query, TenantMatchers tenant, PromLimits limits)
    {
        var read = new PromQuery(query, tenant, limits);
        if (!read.TrySelector())
            throw new PromQueryException($"a selector is needed, not {read.Current}");
        return read.Done();
    }

    private string Done() => Current.Kind == PromTokenKind.End ? written.ToString().Trim() : throw Unexpected("an operator or the end");

    private void Binary()
    {
        if (++depth > Deepest)
            throw new PromQueryException("the query is nested too deeply");
        Operand();
        while (TryOperator())
            Operand();
        depth--;
    }

    private bool TryOperator()
    {
        var isComparison = Current.Kind == PromTokenKind.Symbol && Current.Value is "==" or "!=" or "<" or ">" or "<=" or ">=";
        var isArithmetic = Current.Kind == PromTokenKind.Symbol && Current.Value is "+" or "-" or "*" or "/" or "%" or "^";
        if (!isComparison && !isArithmetic && !IsOneOf("and", "or", "unless", "atan2"))
            return false;
        Take();
        if (isComparison && Current.IsWord("bool"))
            Take();
        if (IsOneOf("on", "ignoring"))
        {
            Take();
            Labels();
            if (IsOneOf("group_left", "group_right"))
            {
                Take();
                if (Current.Is("("))
                    Labels();
            }
        }
        return true;
    }

    private void Operand()
    {
        while (Current.Is("+") || Current.Is("-"))
            Take();
        switch (Current.Kind)
        {
            case PromTokenKind.Number or PromTokenKind.Text:
                TakeValue();
                break;
            case PromTokenKind.Word when IsOneOf("inf", "nan"):
                Take();
                break;
            case PromTokenKind.Symbol when Current.Value == "(":
                Take();
                Binary();
                Expect(")");
                break;
            case PromTokenKind.Word when PromNames.Aggregations.Contains(Current.Value):
                Aggregation();
                break;
            case PromTokenKind.Word when tokens[next + 1].Is("("):
                Call();
                break;
            default:
                if (!TrySelector())
                    throw Unexpected("a selector, a number or a function");
                break;
        }
        Suffixes();
    }

    private void Aggregation()
    {
        Take();
        var isGrouped = TryGrouping();
        Arguments();
        if (!isGrouped)
            TryGrouping();
    }

    private bool TryGrouping()
    {
        if (!IsOneOf("by", "without"))
            return false;
        Take();
        Labels();
        return true;
    }

    private void Call()
    {
        if (!PromNames.Functions.Contains(Current.Value))
            throw new PromQueryException($"character {Current.At + 1}: there is no function {Current} here");
        Take();
        Arguments();
    }

    private void Arguments()
    {
        Expect("(");
        while (!Current.Is(")"))
        {
            Binary();
            if (!Current.Is(","))
                break;
            Take();
        }
        Expect(")");
    }

    /// <summary>Names of labels in parentheses: the only place where a bare word is no metric.</summary>
    private void Labels()
    {
        Expect("(");
        while (!Current.Is(")"))
        {
            if (Current.Kind == PromTokenKind.Text)
                TakeValue();
            else
                TakeLabel();
            if (!Current.Is(","))
                break;
            Take();
        }
        Expect(")");
    }

    private void Suffixes()
    {
        while (true)
            if (Current.Is("["))
                Range();
            else if (Current.IsWord("offset"))
            {
                Take();
                if (Current.Is("-"))
                    Take();
                TakeDuration(TimeSpan.MaxValue);
            }
            else if (Current.Is("@"))
                At();
            else
                return;
    }

    private void Range()
    {
        Take();
        var range = TakeDuration(limits.LongestRange);
        if (Current.Is(":"))
        {
            Take();
            if (Current.Kind == PromTokenKind.Duration && TakeDuration(limits.LongestRange) is var step && (step <= TimeSpan.Zero || range / step > limits.MostPoints))
                throw new PromQueryException($"a subquery may have {limits.MostPoints} points: a longer step is needed");
        }
        Expect("]");
    }

    private void At()
    {
        Take();
        if (IsOneOf("start", "end"))
        {
            Take();
            Expect("(");
            Expect(")");
            return;
        }
        if (Current.Is("-") || Current.Is("+"))
            Take();
        if (Current.Kind != PromTokenKind.Number)
            throw Unexpected("a time");
        Take();
    }

    private bool TrySelector()
    {
        var isNamed = Current.Kind == PromTokenKind.Word;
        if (!isNamed && !Current.Is("{"))
            return false;
        if (isNamed && (PromNames.Reserved.Contains(Current.Value) || PromNames.Aggregations.Contains(Current.Value)))
            throw new PromQueryException($"character {Current.At + 1}: {Current} is a keyword; a metric of that name is {{__name__=\"{Current.Value}\"}}");
        if (++selectors > MostSelectors)
            throw new PromQueryException($"a query may have {MostSelectors} selectors");
        if (isNamed)
            Take();
        written.Append('{');
        if (Current.Is("{"))
            Matchers();
        written.Append(tenant.Text).Append("} ");
        return true;
    }

    /// <summary>Leaves a comma behind whatever is written, for the tenant's.</summary>
    private void Matchers()
    {
        next++;
        while (!Current.Is("}"))
        {
            Matcher();
            if (Current.Is(","))
                next++;
            else if (!Current.Is("}"))
                throw Unexpected("a comma or }");
            if (!tenant.IsEmpty || !Current.Is("}"))
                written.Append(',');
        }
        next++;
    }

    private void Matcher()
    {
        if (Current.Kind == PromTokenKind.Text)
        {
            // The name of a metric by itself, or that of a label.
            var isLabel = tokens[next + 1] is { Kind: PromTokenKind.Symbol, Value: "=" or "!=" or "=~" or "!~" };
            if (isLabel)
                NotInternal(Current.Value);
            TakeValue();
            if (!isLabel)
                return;
        }
        else
        {
            NotInternal(Current.Value);
            TakeLabel();
        }
        if (Current is not { Kind: PromTokenKind.Symbol, Value: "=" or "!=" or "=~" or "!~" })
            throw Unexpected("=, !=, =~ or !~");
        Take();
        if (Current.Kind != PromTokenKind.Text)
            throw Unexpected("a text");
        TakeValue();
    }

    /// <summary>Stores give some of these a meaning of their own, as VictoriaMetrics does to <c>__graphite__</c>.</summary>
    private static void NotInternal(string label)
    {
        if (label.StartsWith("__", StringComparison.Ordinal) && label != "__name__")
            throw new PromQueryException($"there is no label {label} here");
    }

    private TimeSpan TakeDuration(TimeSpan most)
    {
        if (Current.Kind != PromTokenKind.Duration || !PromDuration.TryParse(Current.Value, out var duration))
            throw Unexpected("a duration");
        if (duration > most)
            throw new PromQueryException($"a range may be {most.TotalDays:0} days long");
        Take();
        return duration;
    }

    private void TakeLabel()
    {
        if (Current.Kind != PromTokenKind.Word || Current.Value.Contains(':', StringComparison.Ordinal))
            throw Unexpected("the name of a label");
        Take();
    }

    private void TakeValue()
    {
        if (Current.Kind == PromTokenKind.Text)
        {
            written.Append(PromLexer.Quote(Current.Value)).Append(' ');
            next++;
        }
        else
            Take();
    }

    private void Expect(string symbol)
    {
        if (!Current.Is(symbol))
            throw Unexpected(symbol);
        Take();
    }

    /// <summary>A space behind every token but those in brackets, where older parsers mind.</summary>
    private void Take()
    {
        var token = tokens[next++];
        written.Append(token.Value);
        if (!token.Is("[") && !token.Is(":") && token.Kind != PromTokenKind.Duration)
            written.Append(' ');
        else if (token.Kind == PromTokenKind.Duration && !Current.Is(":") && !Current.Is("]"))
            written.Append(' ');
    }

    private bool IsOneOf(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (Current.IsWord(word))
                return true;
        return false;
    }

    private PromQueryException Unexpected(string wanted) => new($"character {Current.At + 1}: {Current} is not expected there, but {wanted}");
}
