using FsCheck;
using FsCheck.Fluent;
using Fleet.Cost.Filters;

namespace Fleet.Cost.Tests.Filters;

/// <summary>Whatever is sent, there is a tree or a FilterException, and both are bounded.</summary>
public sealed class FilterParserTests
{
    private static readonly Gen<string> Pieces = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null),
        Gen.Elements("namespace", "label", "[app]", "services", "team", ":", "!:", "~:", "!~:", "<~:", "!<~:", "~>:", "!~>:", "\"a\"", "\"\"", "+", "|", "(", ")", ",", " ", "\"", "[", "]", "!", "\0", "𝄞"));

    [Fact]
    public void No_text_leads_to_another_exception()
    {
        foreach (var text in Gen.ArrayOf(Pieces).Select(string.Concat).Sample(60, 5000))
            try
            {
                AllocationFilter.Parse(text).Matches(Examples.Workloads[0]);
            }
            catch (FilterException error)
            {
                Assert.InRange(error.Position, 0, text.Length);
                Assert.True(error.Message.Length < 1000);
            }
    }

    [Fact]
    public void What_is_written_from_a_tree_is_read_as_the_same_tree()
    {
        foreach (var tree in Trees(3).Sample(20, 1000))
        {
            var text = Write(tree);
            if (text.Length <= FilterParser.LongestFilter)
                Assert.Equal(text, Write(FilterParser.Parse(text)));
        }
    }

    [Fact]
    public void A_filter_and_its_opposite_never_agree()
    {
        (string, string)[] pairs = [(":", "!:"), ("~:", "!~:"), ("<~:", "!<~:"), ("~>:", "!~>:")];
        string[] fields = ["cluster", "namespace", "pod", "services", "label", "label[app]", "annotation[team]", "team", "product", "controllerKind"];
        foreach (var value in Gen.Elements("", "a", "app1", "team1", "namespace2", "app", "deployment", "__unallocated__").Sample(1, 40))
            foreach (var field in fields)
                foreach (var (one, opposite) in pairs)
                    foreach (var row in Examples.Workloads)
                        Assert.NotEqual(AllocationFilter.Parse($"{field}{one}\"{value}\"").Matches(row), AllocationFilter.Parse($"{field}{opposite}\"{value}\"").Matches(row));
    }

    [Fact]
    public void Depth_is_bounded()
    {
        Assert.NotNull(FilterParser.Parse(new string('(', FilterParser.DeepestNesting) + "pod:\"a\"" + new string(')', FilterParser.DeepestNesting)));
        var error = Assert.Throws<FilterException>(() => FilterParser.Parse(new string('(', 2000) + "pod:\"a\"" + new string(')', 2000)));
        Assert.Equal(FilterParser.DeepestNesting, error.Position);
    }

    [Fact]
    public void Length_and_number_of_values_are_bounded()
    {
        Assert.Throws<FilterException>(() => FilterParser.Parse(new string(' ', FilterParser.LongestFilter + 1)));
        var values = string.Join(',', Enumerable.Repeat("\"a\"", FilterParser.MostComparisons));
        Assert.Equal(FilterParser.MostComparisons, Assert.IsType<OrNode>(FilterParser.Parse("pod:" + values)).Parts.Length);
        Assert.Throws<FilterException>(() => FilterParser.Parse($"pod:{values} + pod:\"a\""));
    }

    private static Gen<FilterNode> Trees(int depth)
    {
        var comparison =
            from field in Gen.Elements(FilterField.OfAllocations.ToArray())
            from key in Gen.Elements("app", "a/b", "x_y")
            from compare in Gen.Elements(Enum.GetValues<FilterOperator>())
            from negated in Gen.Elements(true, false)
            from value in Gen.Elements("", "a", "a b", "é+|()", "__idle__")
            let keyed = field.Shape == FilterFieldShape.Map && value.Length == 1
            select (FilterNode)new ComparisonNode(field, keyed ? key : null, compare, negated, value);
        if (depth == 0)
            return comparison;
        var parts = from count in Gen.Choose(2, 3) from nodes in Gen.ArrayOf(Trees(depth - 1), count) select nodes;
        return Gen.OneOf(comparison, parts.Select(nodes => (FilterNode)new AndNode([.. nodes])), parts.Select(nodes => (FilterNode)new OrNode([.. nodes])));
    }

    private static string Write(FilterNode node) => node switch
    {
        AndNode and => string.Join(" + ", and.Parts.Select(Inside)),
        OrNode or => string.Join("|", or.Parts.Select(Inside)),
        ComparisonNode comparison => $"{comparison.Field.Name}{(comparison.Key is null ? "" : $"[{comparison.Key}]")}{(comparison.IsNegated ? "!" : "")}{Written(comparison)}\"{comparison.Value}\"",
        _ => "",
    };

    private static string Inside(FilterNode node) => node is ComparisonNode ? Write(node) : $"({Write(node)})";

    private static string Written(ComparisonNode node) => node.Operator switch
    {
        FilterOperator.StartsWith => "<~:",
        FilterOperator.EndsWith => "~>:",
        FilterOperator.Contains => "~:",
        // For lists and maps without a key ":" is read as "contains".
        _ => node.Field.Shape == FilterFieldShape.List || (node.Field.Shape == FilterFieldShape.Map && node.Key is null) ? "~:" : ":",
    };
}
