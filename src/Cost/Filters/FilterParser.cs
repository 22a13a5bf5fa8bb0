using System.Collections.Immutable;

namespace Fleet.Cost.Filters;

/// <summary>
/// Reads OpenCost's filter language, version 2: <c>namespace:"shop","web" + (label[app]:"api" | controllerKind!:"daemonset")</c>. <c>+</c> is and, <c>|</c> is or; the two are
/// not mixed without parentheses. A list of values is an or of its values, and with a negated operator an and. Pure.
/// </summary>
public static class FilterParser
{
    /// <summary>Characters of a filter.</summary>
    public const int LongestFilter = 4096;

    /// <summary>Parentheses inside of each other.</summary>
    public const int DeepestNesting = 32;

    /// <summary>Comparisons with a value.</summary>
    public const int MostComparisons = 256;

    private static readonly Dictionary<string, FilterField> Allocations = FilterField.OfAllocations.ToDictionary(field => field.Name);

    /// <exception cref="FilterException">It is no filter, or one beyond the limits.</exception>
    public static FilterNode Parse(string filter) => Parse(filter, Allocations);

    internal static FilterNode Parse(string filter, IReadOnlyDictionary<string, FilterField> fields)
    {
        if (filter.Length > LongestFilter)
            throw new FilterException(LongestFilter, $"a filter has at most {LongestFilter} characters");
        var state = new State(FilterLexer.Tokens(filter), fields);
        if (state.Peek.Kind == FilterTokenKind.End)
            return new EveryNode();
        var node = state.Group(0);
        return state.Peek.Kind == FilterTokenKind.End ? node : throw state.Unexpected("'+', '|' or the end");
    }

    private sealed class State(IReadOnlyList<FilterToken> tokens, IReadOnlyDictionary<string, FilterField> fields)
    {
        private int at;
        private int comparisons;

        public FilterToken Peek => tokens[at];

        public FilterNode Group(int depth)
        {
            var parts = ImmutableArray.CreateBuilder<FilterNode>();
            parts.Add(Operand(depth));
            var by = Peek.Kind;
            if (by is not (FilterTokenKind.And or FilterTokenKind.Or))
                return parts[0];
            while (Peek.Kind == by)
            {
                at++;
                parts.Add(Operand(depth));
            }
            if (Peek.Kind is FilterTokenKind.And or FilterTokenKind.Or)
                throw new FilterException(Peek.Position, "'+' and '|' need parentheses to be mixed");
            return by == FilterTokenKind.And ? new AndNode(parts.ToImmutable()) : new OrNode(parts.ToImmutable());
        }

        public FilterException Unexpected(string expected) => new(Peek.Position, $"expected {expected}, found {Shown(Peek)}");

        private FilterNode Operand(int depth)
        {
            if (Peek.Kind != FilterTokenKind.Open)
                return Comparison();
            if (depth >= DeepestNesting)
                throw new FilterException(Peek.Position, $"parentheses may be at most {DeepestNesting} deep");
            var open = Take(FilterTokenKind.Open, "'('");
            var inside = Group(depth + 1);
            if (Peek.Kind == FilterTokenKind.End)
                throw new FilterException(open.Position, "'(' is never closed by ')'");
            Take(FilterTokenKind.Close, "')'");
            return inside;
        }

        private FilterNode Comparison()
        {
            var name = Take(FilterTokenKind.Name, "a field or '('");
            if (!fields.TryGetValue(name.Text, out var field))
                throw new FilterException(name.Position, $"{CostQueryException.Quote(name.Text)} is no field: use {string.Join(", ", fields.Keys)}");
            string? key = null;
            if (Peek.Kind == FilterTokenKind.Key)
            {
                if (field.Shape != FilterFieldShape.Map)
                    throw new FilterException(Peek.Position, $"'{field.Name}' has no keys");
                key = Take(FilterTokenKind.Key, "a key").Text.Trim();
                if (key.Length == 0)
                    throw new FilterException(name.Position, "the key is empty");
            }
            var written = Take(FilterTokenKind.Operator, "an operator such as ':' or '!~:'").Text;
            var isNegated = written[0] == '!';
            var compare = Operator(written, field, key);

            var values = ImmutableArray.CreateBuilder<FilterNode>();
            do
            {
                if (values.Count > 0)
                    at++;
                if (++comparisons > MostComparisons)
                    throw new FilterException(Peek.Position, $"a filter compares with at most {MostComparisons} values");
                values.Add(new ComparisonNode(field, key, compare, isNegated, Take(FilterTokenKind.Text, "a value in quotation marks").Text));
            }
            while (Peek.Kind == FilterTokenKind.Comma);
            return values.Count == 1 ? values[0] : isNegated ? new AndNode(values.ToImmutable()) : new OrNode(values.ToImmutable());
        }

        // A list has a value, and a map a key: there "is" can only mean "contains".
        private static FilterOperator Operator(string written, FilterField field, string? key) => written.TrimStart('!') switch
        {
            ":" => field.Shape == FilterFieldShape.List || field.Shape == FilterFieldShape.Map && key is null ? FilterOperator.Contains : FilterOperator.Is,
            "~:" => FilterOperator.Contains,
            "<~:" => FilterOperator.StartsWith,
            _ => FilterOperator.EndsWith,
        };

        private FilterToken Take(FilterTokenKind kind, string expected) => Peek.Kind == kind ? tokens[at++] : throw Unexpected(expected);

        private static string Shown(FilterToken token) => token.Kind == FilterTokenKind.End ? token.Text : CostQueryException.Quote(token.Text);
    }
}
